"""The look of every chart: colours, type, and the page around the plot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

# Government Analysis Function, categorical palette, in its order; two categories have their own.
PALETTE = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
PAIR = ("#12436D", "#F46A25")
FOCUS = "#12436D"
INK, GREY, GRID, PALE = "#1D1D1B", "#505A5F", "#DEE0E2", "#BFC5C9"
# Lines of a like darkness differ in their dashes, so that a grey print can be read.
DASHES: tuple[Any, ...] = ("solid", "solid", (0, (5, 1.6)), (0, (5, 1.6)))
WIDTH, MARGIN = 7.2, 0.22
TITLE_SIZE, SUBTITLE_SIZE, TEXT_SIZE, NOTE_SIZE = 15.0, 11.0, 10.5, 9.5
POINTS = 72.0


@contextmanager
def themed() -> Iterator[None]:
    """Draw with our settings alone, whatever the session has set."""
    import matplotlib.style

    settings = {
        "font.family": "DejaVu Sans",
        "font.size": TEXT_SIZE,
        "text.color": INK,
        "text.parse_math": False,
        "axes.edgecolor": GREY,
        "axes.labelcolor": INK,
        "xtick.color": GREY,
        "ytick.color": GREY,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "figure.dpi": 100,
    }
    with matplotlib.style.context(["default", settings]):
        yield


def colours(number: int) -> tuple[str, ...]:
    """Colours of that many categories, at most six."""
    return (FOCUS,) if number == 1 else PAIR if number == 2 else PALETTE[:number]


class Page:
    """A figure with its title above, its plot, and its note beneath; sizes are inches.

    Forms ask for a plot area by its height; the page is as high as its parts.
    """

    def __init__(self, title: str, subtitle: str, note: str, *, synthetic: bool) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.figure: Figure = Figure(figsize=(WIDTH, 4.0), dpi=100)
        FigureCanvasAgg(self.figure)
        self.figure.set_label(f"{title} (synthetic data)" if synthetic else title)
        self.synthetic = synthetic
        self.tag_width = self.width_of("Synthetic data", 9.0, "bold") + 0.16 if synthetic else 0.0
        room = WIDTH - 2 * MARGIN
        title_room = room - (self.tag_width + 0.2 if synthetic else 0.0)
        self.title = self.wrap(title, TITLE_SIZE, title_room, "bold")
        self.subtitle = self.wrap(subtitle, SUBTITLE_SIZE, room)
        self.note = self.wrap(note, NOTE_SIZE, room)
        self.top = self._header_height()
        self.bottom = self._height(self.note, NOTE_SIZE) + (0.14 if note else 0.0) + 0.12

    def size(self, plot_height: float) -> None:
        """Make the figure as high as header, plot and note together."""
        self.figure.set_size_inches(WIDTH, self.top + plot_height + self.bottom)

    def axes(self, left: float, right: float, above: float, below: float) -> Axes:
        """Axes that keep these distances from the edges of the plot area."""
        height = float(self.figure.get_figheight())
        base, top = self.bottom + below, height - self.top - above
        return self.figure.add_axes(
            (left / WIDTH, base / height, (WIDTH - left - right) / WIDTH, (top - base) / height)
        )

    def text(self, x: float, y: float, words: str, **style: Any) -> Text:
        """Write at a place in inches from the left and from the top."""
        height = float(self.figure.get_figheight())
        style = {"va": "top", "ha": "left", "linespacing": 1.25, **style}
        return self.figure.text(x / WIDTH, 1 - y / height, words, **style)

    def width_of(self, words: str, size: float, weight: str = "normal") -> float:
        """Width of words, inches."""
        if not words:
            return 0.0
        drawn = self.figure.text(0, 0, words, fontsize=size, fontweight=weight)
        extent = drawn.get_window_extent()
        drawn.remove()
        return float(extent.width / self.figure.dpi) * 1.02  # hinting differs between resolutions

    def wrap(self, words: str, size: float, room: float, weight: str = "normal") -> str:
        """Break words into lines that fit a width; a word is never cut."""
        lines: list[str] = []
        for word in words.split():
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self.width_of(longer, size, weight) <= room:
                lines[-1] = longer
            else:
                lines.append(word)
        return "\n".join(lines)

    def finish(self) -> Figure:
        """Write title, subtitle, note and, on synthetic data, the tag and the watermark."""
        height = float(self.figure.get_figheight())
        self.text(MARGIN, 0.16, self.title, fontsize=TITLE_SIZE, fontweight="bold")
        below_title = 0.16 + self._height(self.title, TITLE_SIZE) + 0.08
        self.text(MARGIN, below_title, self.subtitle, fontsize=SUBTITLE_SIZE, color=GREY)
        note_top = height - self.bottom + 0.14
        self.text(MARGIN, note_top, self.note, fontsize=NOTE_SIZE, color=GREY)
        if self.synthetic:
            self._mark_synthetic()
        return self.figure

    def _header_height(self) -> float:
        title = self._height(self.title, TITLE_SIZE)
        subtitle = self._height(self.subtitle, SUBTITLE_SIZE)
        return 0.16 + title + (0.08 + subtitle if subtitle else 0.0) + 0.12

    @staticmethod
    def _height(words: str, size: float) -> float:
        return (words.count("\n") + 1) * size * 1.28 / POINTS if words else 0.0

    def _mark_synthetic(self) -> None:
        box = {"boxstyle": "square,pad=0.35", "facecolor": "#801650", "edgecolor": "none"}
        self.text(
            WIDTH - MARGIN - 0.05, 0.2, "Synthetic data", ha="right", fontsize=9.0,
            fontweight="bold", color="white", bbox=box,
        )  # fmt: skip
        height = float(self.figure.get_figheight())
        plot = height - self.top - self.bottom
        self.text(
            WIDTH * 0.47, self.top + plot / 2, "Synthetic data", ha="center", va="center",
            fontsize=min(46.0, 12.0 + 14.0 * plot), rotation=18 if plot > 2 else 0,
            fontweight="bold", color="#801650", alpha=0.07, zorder=-1,
        )  # fmt: skip


def plain_axes(axes: Axes, *, grid: str) -> None:
    """Light grid along one axis, no box."""
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_axisbelow(True)
    axes.grid(axis=grid, color=GRID, linewidth=0.8)  # type: ignore[arg-type]
    axes.tick_params(length=0, pad=5)
    axes.patch.set_visible(False)


def number_axis(axis: Any, *, percent: bool, most: int = 6) -> None:
    """Round ticks, few of them, written as percentages or with thousands marked."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10]))
    if percent:  # as many decimals as the tick has: 2.5% must not read 2%
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value * 100:.6g}%"))
    else:
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
