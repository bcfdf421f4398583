"""From words to a ranking: analysis, fusion, near duplicates. Pure functions; knows no index and no database."""
