"""Follow-ups: a question that leans on what was asked before, made to stand alone by rule or by a model's reply."""
