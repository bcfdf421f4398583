"""The words of /kb and of asking, for every platform: parsed arguments in, a frozen result out."""
