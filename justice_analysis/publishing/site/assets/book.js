/* The book reads in full without this script. Escape hides the words about a number, a switch makes
   the page dark or light, and the menu shows where in a long list a reader is. */
"use strict";

(() => {
  // Words about a number or a term: Escape puts them away until the pointer or the focus comes again.
  const away = "is-away";
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document
      .querySelectorAll(".traced:hover, .traced:focus-within")
      .forEach((traced) => traced.classList.add(away));
  });
  const bring = (event) => {
    if (event.target instanceof Element) event.target.closest(".traced")?.classList.remove(away);
  };
  document.addEventListener("mouseover", (event) => {
    const came = event.target.closest?.(".traced");
    if (came && !came.contains(event.relatedTarget)) bring(event);
  });
  document.addEventListener("focusin", bring);

  // A dark page or a light one: as the device is set, until someone chooses.
  const root = document.documentElement;
  const button = document.getElementById("page-colours");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const name = () => {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", `${button.textContent} page`);
  };
  if (button) {
    button.hidden = false;
    name();
    dark.addEventListener("change", name);
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try {
        localStorage.setItem("theme", root.dataset.theme);
      } catch (error) {
        /* A browser that keeps nothing still shows the page as chosen. */
      }
      name();
    });
  }

  const menu = document.getElementById("contents");
  const here = menu?.querySelector("[aria-current]");
  if (here && here.offsetTop > menu.clientHeight * 0.8) {
    menu.scrollTop = here.offsetTop - menu.clientHeight / 2;
  }

  // The lists at the sides are pop-ups on a narrow screen: a link that was followed closes them.
  document.querySelectorAll("[popover] a").forEach((link) =>
    link.addEventListener("click", () => {
      const list = link.closest("[popover]");
      if (list.matches(":popover-open")) list.hidePopover();
    }),
  );
})();
