# One task on the columns that benchmarks/survival.py wrote: seconds of the call, then results.
suppressMessages(library(survival))
asked <- commandArgs(trailingOnly = TRUE)
task <- asked[1]; folder <- asked[2]; people <- as.integer(asked[3]); horizon <- as.integer(asked[4])
column <- function(name, what) readBin(file.path(folder, paste0(name, ".bin")), what, people)
rows <- data.frame(
  days = column("days", "integer"), cause = column("cause", "integer"),
  group = column("group", "integer")
)
if (startsWith(task, "cox")) {
  for (name in c("x1", "x2", "x3", "x4", "x5")) rows[[name]] <- column(name, "double")
}
rows$event <- as.integer(rows$cause > 0)
at <- function(fit) summary(fit, times = horizon)
began <- proc.time()
values <- switch(task,
  kaplan_meier = at(survfit(Surv(days, event) ~ group, rows, conf.type = "log-log"))$surv,
  aalen_johansen = at(survfit(Surv(days, factor(cause)) ~ 1, rows))$pstate[1, -1],
  log_rank = survdiff(Surv(days, event) ~ group, rows)$chisq,
  cox = coef(coxph(Surv(days, event) ~ x1 + x2 + x3 + x4 + x5, rows)),
  cox_robust = sqrt(diag(vcov(coxph(
    Surv(days, event) ~ x1 + x2 + x3 + x4 + x5, rows, robust = TRUE, id = seq_len(people)
  ))))
)
took <- proc.time() - began
cat(took["elapsed"], took["user.self"] + took["sys.self"], format(unname(values), digits = 12), "\n")
