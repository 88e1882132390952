# One task on the columns that benchmarks/panel.py wrote: seconds of the call, then results.
# Without the R package of the task "absent" is said.
asked <- commandArgs(trailingOnly = TRUE)
task <- asked[1]; folder <- asked[2]; rows <- as.integer(asked[3])
if (!requireNamespace(task, quietly = TRUE)) {
  cat("absent\n")
  quit()
}
column <- function(name) readBin(file.path(folder, paste0(name, ".bin")), "double", rows)
names <- c("unit", "period", "y", "x1", "x2", "x3", "x4", "x5")
held <- as.data.frame(sapply(names, column, simplify = FALSE))
began <- proc.time()
if (task == "fixest") {
  found <- fixest::feols(y ~ x1 + x2 + x3 + x4 + x5 | unit + period, held, cluster = ~unit)
  errors <- sqrt(diag(vcov(found)))
} else {
  found <- plm::plm(y ~ x1 + x2 + x3 + x4 + x5, held, index = c("unit", "period"),
                    model = "within", effect = "twoways")
  errors <- sqrt(diag(plm::vcovHC(found, method = "arellano", type = "HC0", cluster = "group")))
}
took <- proc.time() - began
values <- c(coef(found), errors)
cat(took["elapsed"], took["user.self"] + took["sys.self"], format(unname(values), digits = 12), "\n")
