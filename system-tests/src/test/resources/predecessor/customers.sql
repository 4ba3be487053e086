-- The definition that mysqldump --tab puts beside the rows.
CREATE TABLE `customers` (
  `id` text DEFAULT NULL,
  `company_id` text DEFAULT NULL,
  `name` text DEFAULT NULL,
  `phone` text DEFAULT NULL,
  `email` text DEFAULT NULL,
  `created_at` text DEFAULT NULL,
  `deleted_at` text DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
