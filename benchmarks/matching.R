# One task on the columns that benchmarks/matching.py wrote: seconds of the call, then results.
# Tasks but `score` need MatchIt 4.7 or later (4.5 ignores calipers): without it "absent" is said.
asked <- commandArgs(trailingOnly = TRUE)
task <- asked[1]; folder <- asked[2]; people <- as.integer(asked[3])
has_matchit <- requireNamespace("MatchIt", quietly = TRUE) &&
  utils::packageVersion("MatchIt") >= "4.7"
if (task != "score" && !has_matchit) {
  cat("absent\n")
  quit()
}
column <- function(name) readBin(file.path(folder, paste0(name, ".bin")), "double", people)
names <- c("age", "prior", "severity", "woman", "custody", "north", "young", "drugs")
rows <- as.data.frame(sapply(names, column, simplify = FALSE))
rows$treated <- as.integer(column("treated"))
outcome <- column("outcome")
model <- reformulate(names, "treated")
matched <- function(...) MatchIt::matchit(model, rows, distance = "glm", ...)
nearest <- function(...) matched(method = "nearest", m.order = "largest", caliper = 0.2, ...)
began <- proc.time()
found <- switch(task,
  score = glm(model, binomial, rows),
  nearest = nearest(),
  replaced = nearest(replace = TRUE),
  five = nearest(ratio = 5, replace = TRUE),
  closest = matched(method = "nearest", m.order = "closest", caliper = 0.2),
  subclasses = matched(method = "subclass", subclass = 6)
)
took <- proc.time() - began
values <- if (task == "score") unname(coef(found)) else {
  weight <- found$weights
  ours <- rows$treated == 1
  apart <- weighted.mean(outcome[ours], weight[ours]) - weighted.mean(outcome[!ours], weight[!ours])
  c(sum(weight[ours] > 0), sum(weight[!ours] > 0), apart)
}
cat(took["elapsed"], took["user.self"] + took["sys.self"], format(values, digits = 12), "\n")
