/* The search page: what was found, with what each page is. It stands on Sphinx's search, whose own
   list has no such words; nothing is fetched, so that it works from a folder. */
"use strict";

const SPHINX_HIGHLIGHT_ENABLED = false; // pages mark no words

(() => {
  const pages = JSON.parse(document.getElementById("found-pages").textContent);
  const place = document.getElementById("search-results");
  const most = 60;

  const made = (tag, text, style) => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (style) element.className = style;
    return element;
  };

  const line = ([page, shown, anchor]) => {
    const [title, kind, lead] = pages[page];
    const section = shown.includes(" > ") ? shown.slice(shown.lastIndexOf(" > ") + 3) : "";
    const inside = anchor && section && section !== title;
    const item = document.createElement("li");
    const link = made("a", inside ? `${section} (${title})` : title);
    link.href = `${page}.html${inside ? anchor : ""}`;
    item.append(link, made("p", kind, "kind"));
    if (lead && !inside) item.append(made("p", lead, "lead"));
    return item;
  };

  // What people look for first is a paper or a definition; why the software is as it is comes last.
  const worth = {Paper: 6, Definition: 5, "Protocol paper, synthetic data": 3, Glossary: 2, Decision: -4};
  Scorer.score = ([page, , , , score]) => score + (worth[pages[page]?.[1]] || 0);

  // Sphinx leaves out words that stand everywhere, and numbers; then nothing can be found. A page
  // is listed once: at the section that fits best, where one does.
  const found = (query) => {
    const read = Search._parseQuery(query);
    if (!read[1].size) return [];
    const best = new Map();
    Search._performSearch(...read).reverse().forEach((result) => {
      const [page, , anchor, , score] = result;
      const held = best.get(page);
      if (pages[page] && (!held || (anchor && !held[2] && score >= held[4]))) best.set(page, result);
    });
    return [...best.values()];
  };

  const show = (query) => {
    const results = found(query);
    document.title = `${query}: ${document.title}`;
    const said = {0: "Nothing was found", 1: "1 page"}[results.length] || `${results.length} pages`;
    place.replaceChildren(made("h2", `${said} for “${query}”`));
    if (!results.length) {
      place.append(
        made("p", "Try fewer words, or a word that a paper would use, such as recurrence, custody or caseload. "
          + "Very common words and numbers alone are not searched."),
      );
      return;
    }
    if (results.length > most) place.append(made("p", `The first ${most} are shown.`));
    const list = made("ol", "", "found");
    list.append(...results.slice(0, most).map(line));
    place.append(list);
  };

  Search.performSearch = (query) => (Search.hasIndex() ? show(query) : Search.deferQuery(query));
  Search.query = show;
  const asked = new URLSearchParams(window.location.search).get("q");
  if (!asked || !asked.trim()) {
    place.append(made("p", "Write a word or two: a measure, a place, a dataset. Every page of the book is searched, in this browser; nothing is sent anywhere."));
  }
})();
