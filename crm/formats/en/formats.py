"""English: a short date that reads the same on both sides of the Atlantic."""

SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
