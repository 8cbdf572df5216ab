"""What every area stands on: database, clock, errors, page parts, files of the style."""
