"""Settings of Sphinx for the book: nothing is asked of the network, no script is needed."""

project = "Justice analysis"
html_title = "Justice analysis"
language = "en"

extensions = [
    "myst_parser",
    "sphinx_book_theme",
    "justice_analysis.publishing.mathml",
]
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_dmath_double_inline = True

# The default renderer links MathJax from a content delivery network.
html_math_renderer = "mathml"
html_theme = "sphinx_book_theme"
templates_path = ["templates"]
# A folder called _static would have every script in it loaded on every page.
html_static_path = ["assets"]
html_css_files = ["book.css"]
html_copy_source = False
html_show_sourcelink = False
html_permalinks = False
html_use_index = False
html_domain_indices = False
# From file:// the summary would need a fetch that browsers refuse; the search itself works.
html_show_search_summary = False
html_context = {"default_mode": "auto"}
html_sidebars = {"**": ["book-name.html", "book-search.html", "book-contents.html"]}
html_theme_options = {
    "article_header_start": ["book-menu.html"],
    "article_header_end": ["book-mode.html"],
    "back_to_top_button": False,
    "disable_search": True,
    "footer_content_items": ["book-footer.html"],
    "home_page_in_toc": False,
    "primary_sidebar_end": [],
    "search_bar_text": "Search the book",
    "secondary_sidebar_items": [],
    "show_navbar_depth": 1,
    "show_prev_next": True,
    "use_download_button": False,
    "use_fullscreen_button": False,
}
pygments_style = "tango"
exclude_patterns = ["_build"]
