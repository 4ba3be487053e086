-- The definition that mysqldump --tab puts beside the rows.
CREATE TABLE `phone_numbers` (
  `id` text DEFAULT NULL,
  `company_id` text DEFAULT NULL,
  `branch_id` text DEFAULT NULL,
  `number` text DEFAULT NULL,
  `number_normalized` text DEFAULT NULL,
  `type` text DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
