-- Whose delivery it was, so that it can be read once more; null of what came before this version.
alter table delivery add column connection text;
