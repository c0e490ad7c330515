package superweight.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A table as it is shown: text in cells, columns that lean left or right. The one place where
 * Markdown, HTML, LaTeX and aligned text come from, so they cannot disagree.
 */
record Grid(List<Column> columns, List<List<String>> rows) {
    /** Where a column's cells stand: words to the left, numbers to the right. */
    enum Align { LEFT, RIGHT }

    record Column(String header, Align align) {}

    Grid {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        "a row of %d cells in a table of %d columns".formatted(row.size(), columns.size()));
            }
        }
    }

    /** The same table without one of its columns, counted from 0. */
    Grid without(int column) {
        return new Grid(allBut(columns, column), rows.stream().map(row -> allBut(row, column)).toList());
    }

    private static <T> List<T> allBut(List<T> list, int index) {
        return Stream.concat(list.stream().limit(index), list.stream().skip(index + 1L)).toList();
    }

    String markdown() {
        String rule = columns.stream()
                .map(c -> c.align() == Align.RIGHT ? "---:" : "---")
                .collect(Collectors.joining(" | ", "| ", " |\n"));
        UnaryOperator<String> escape = Grid::markdownEscaped;
        return line(headers(), escape, "| ", " | ", " |\n") + rule
                + lines(row -> line(row, escape, "| ", " | ", " |\n"));
    }

    String latex() {
        String leaning = columns.stream()
                .map(c -> c.align() == Align.RIGHT ? "r" : "l").collect(Collectors.joining());
        UnaryOperator<String> escape = Grid::latexEscaped;
        return "\\begin{tabular}{" + leaning + "}\n\\toprule\n"
                + line(headers(), escape, "", " & ", " \\\\\n") + "\\midrule\n"
                + lines(row -> line(row, escape, "", " & ", " \\\\\n"))
                + "\\bottomrule\n\\end{tabular}\n";
    }

    String html() {
        return "<table>\n<thead>" + htmlRow(headers(), "th") + "</thead>\n<tbody>\n"
                + lines(row -> htmlRow(row, "td") + "\n") + "</tbody>\n</table>\n";
    }

    /** Columns side by side, cells wrapped at words so that no line is longer than {@code width}. */
    String plain(int width) {
        int[] widths = widths(width);
        String rule = IntStream.of(widths).mapToObj("-"::repeat).collect(Collectors.joining("  ")) + "\n";
        boolean tall = rows.stream().anyMatch(row -> IntStream.range(0, widths.length)
                .anyMatch(i -> wrapped(row.get(i), widths[i]).size() > 1));
        // Rows of several lines run together without a rule between them.
        return plainRow(headers(), widths) + rule + rows.stream()
                .map(row -> plainRow(row, widths)).collect(Collectors.joining(tall ? rule : ""));
    }

    private List<String> headers() {
        return columns.stream().map(Column::header).toList();
    }

    private String lines(Function<List<String>, String> form) {
        return rows.stream().map(form).collect(Collectors.joining());
    }

    private static String line(
            List<String> cells, UnaryOperator<String> escape, String start, String between, String end) {
        return cells.stream().map(escape).collect(Collectors.joining(between, start, end));
    }

    private String htmlRow(List<String> cells, String tag) {
        return IntStream.range(0, cells.size())
                .mapToObj(i -> "<%s style=\"text-align:%s\">%s</%s>".formatted(
                        tag, columns.get(i).align() == Align.RIGHT ? "right" : "left",
                        htmlEscaped(cells.get(i)), tag))
                .collect(Collectors.joining("", "<tr>", "</tr>"));
    }

    private String plainRow(List<String> cells, int[] widths) {
        List<List<String>> blocks = IntStream.range(0, widths.length)
                .mapToObj(i -> wrapped(cells.get(i), widths[i])).toList();
        int height = blocks.stream().mapToInt(List::size).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (int l = 0; l < height; l++) {
            int at = l;
            String line = IntStream.range(0, widths.length)
                    .mapToObj(i -> padded(at < blocks.get(i).size() ? blocks.get(i).get(at) : "",
                            widths[i], columns.get(i).align()))
                    .collect(Collectors.joining("  "));
            text.append(line.stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String padded(String text, int width, Align align) {
        String blanks = " ".repeat(width - text.length());
        return align == Align.RIGHT ? blanks + text : text + blanks;
    }

    /** As wide as its cells; headers wrap. The widest gives way, by one, until the line fits. */
    private int[] widths(int width) {
        int[] widths = IntStream.range(0, columns.size())
                .map(i -> IntStream.concat(
                                Stream.of(columns.get(i).header().split("\\s+")).mapToInt(String::length),
                                rows.stream().mapToInt(row -> row.get(i).length()))
                        .max().orElse(1))
                .map(natural -> Math.max(1, natural))
                .toArray();
        int room = width - 2 * (widths.length - 1);
        while (IntStream.of(widths).sum() > room) {
            int widest = IntStream.range(0, widths.length)
                    .reduce(0, (a, b) -> widths[b] > widths[a] ? b : a);
            if (widths[widest] == 1) {
                break;
            }
            widths[widest]--;
        }
        return widths;
    }

    /** Lines of at most so many characters, broken at words where these are no longer. */
    static List<String> wrapped(String cell, int width) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String word : cell.split("\\s+")) {
            String rest = word;
            if (!line.isEmpty() && line.length() + 1 + rest.length() <= width) {
                line = line + " " + rest;
                continue;
            }
            if (!line.isEmpty()) {
                lines.add(line);
            }
            for (; rest.length() > width; rest = rest.substring(width)) {
                lines.add(rest.substring(0, width));
            }
            line = rest;
        }
        lines.add(line);
        return lines;
    }

    static String htmlEscaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String markdownEscaped(String text) {
        return text.replaceAll("([\\\\`*_|])", "\\\\$1").replace("](", "]\\(").replace("<", "&lt;")
                .replaceAll("\\R", "<br>");
    }

    private static String latexEscaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> escaped.append(switch (c) {
            case '\\' -> "\\textbackslash{}";
            case '~' -> "\\textasciitilde{}";
            case '^' -> "\\textasciicircum{}";
            case '<' -> "$<$";
            case '>' -> "$>$";
            case '&', '%', '$', '#', '_', '{', '}' -> "\\" + (char) c;
            case '–' -> "--";
            case '±' -> "$\\pm$";
            case '—' -> "---";
            case '−' -> "$-$";
            case '×' -> "$\\times$";
            case '→' -> "$\\to$";
            case '≥' -> "$\\ge$";
            case '≤' -> "$\\le$";
            case '\n' -> " ";
            default -> Character.toString(c);
        }));
        // A row that begins with a bracket would read as the optional argument of the line before.
        return escaped.toString().startsWith("[") ? "{}" + escaped : escaped.toString();
    }
}
