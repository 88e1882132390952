"""Settings of Sphinx for the book: nothing is asked of the network, no script is needed."""

project = "Justice analysis"
html_title = "Justice analysis"
language = "en"

extensions = [
    "myst_parser",
    "justice_analysis.publishing.mathml",
    "justice_analysis.publishing.page_context",
]
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_dmath_double_inline = True

# The default renderer links MathJax from a content delivery network.
html_math_renderer = "mathml"
# The page is ours: templates/layout.html. Of the theme only the machinery of search is used.
html_theme = "basic"
# A key without a modifier would act for someone who speaks to their computer.
html_theme_options = {"enable_search_shortcuts": "false"}
templates_path = ["templates"]
# A folder called _static would have every script in it loaded on every page.
html_static_path = ["assets"]
html_copy_source = False
html_show_sourcelink = False
html_permalinks = False
html_use_index = False
html_domain_indices = False
# From file:// the summary would need a fetch that browsers refuse; the search itself works.
html_show_search_summary = False
html_context = {"styles": ["frame.css", "text.css", "parts.css", "print.css"]}
html_secnumber_suffix = " "
highlight_language = "none"
exclude_patterns = ["_build"]
