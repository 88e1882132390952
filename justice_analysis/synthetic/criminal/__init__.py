"""The criminal part of the world: careers, courts, custody, probation and assessments."""
