package superweight.report;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import superweight.InvalidInputException;

/**
 * Comma-separated values as RFC 4180 has them, read strictly and written the same way.
 *
 * <p>tablesaw's own reader loses line numbers and forgives short rows, so it cannot say where a
 * claims file is at fault.
 */
final class Csv {
    private Csv() {}

    /** One data row of a file; cells are looked up by the header's names. */
    record Row(Path file, int line, List<String> header, List<String> cells) {
        String text(String column) {
            return cells.get(header.indexOf(column));
        }

        String required(String column) {
            String text = text(column);
            if (text.isBlank()) {
                throw fault(column, "a value");
            }
            return text;
        }

        double number(String column) {
            String text = text(column);
            try {
                // parseDouble alone would also take "1d", "0x1p3" and blanks around the number.
                if (text.matches("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?|-?Infinity|NaN")) {
                    return Double.parseDouble(text);
                }
            } catch (NumberFormatException e) {
                throw fault(column, "a number");
            }
            throw fault(column, "a number");
        }

        <E extends Enum<E>> E word(String column, Class<E> type) {
            for (E value : type.getEnumConstants()) {
                if (value.name().toLowerCase(Locale.ROOT).equals(text(column))) {
                    return value;
                }
            }
            throw fault(column, Arrays.stream(type.getEnumConstants())
                    .map(value -> value.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", ", "one of ", "")));
        }

        InvalidInputException fault(String column, String expected) {
            return new InvalidInputException("%s, line %d, column %s: expected %s, found \"%s\"."
                    .formatted(file.getFileName(), line, column, expected, text(column)));
        }
    }

    /**
     * Reads a file whose first line must be exactly {@code header}.
     *
     * @throws InvalidInputException if the file is missing, is not UTF-8 or is malformed; the
     *     sentence names file, line, column, what was expected and what was found
     */
    static List<Row> read(Path file, List<String> header) {
        List<Record> records = records(file);
        List<String> found = records.isEmpty() ? List.of() : records.get(0).cells();
        if (!found.equals(header)) {
            throw new InvalidInputException("%s, line 1: expected the columns %s, found %s.".formatted(
                    file.getFileName(), String.join(",", header),
                    found.isEmpty() ? "an empty file" : String.join(",", found)));
        }
        List<Row> rows = new ArrayList<>();
        for (Record record : records.subList(1, records.size())) {
            if (record.cells().size() != header.size()) {
                throw new InvalidInputException("%s, line %d, column %d: expected %d columns, found %d."
                        .formatted(file.getFileName(), record.line(),
                                Math.min(record.cells().size(), header.size()) + 1,
                                header.size(), record.cells().size()));
            }
            rows.add(new Row(file, record.line(), header, record.cells()));
        }
        return List.copyOf(rows);
    }

    static String write(List<String> header, List<List<String>> rows) {
        StringBuilder text = new StringBuilder(line(header));
        rows.forEach(row -> text.append(line(row)));
        return text.toString();
    }

    /** A number that reads back as the same double; NaN, the missing value, is an empty cell. */
    static String exact(double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }

    static String exact(OptionalDouble value) {
        return value.isPresent() ? exact(value.getAsDouble()) : "";
    }

    private static String line(List<String> cells) {
        return cells.stream().map(Csv::quoted).collect(Collectors.joining(",", "", "\n"));
    }

    private static String quoted(String cell) {
        boolean needed = cell.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                || !cell.equals(cell.strip());
        return needed ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
    }

    private record Record(int line, List<String> cells) {}

    private static List<Record> records(Path file) {
        String text = content(file);
        List<Record> records = new ArrayList<>();
        List<String> cells = new ArrayList<>();
        int line = 1;
        int recordLine = 1;
        int at = 0;
        while (at < text.length()) {
            StringBuilder cell = new StringBuilder();
            if (text.charAt(at) == '"') {
                int opened = line;
                at++;
                while (true) {
                    if (at == text.length()) {
                        throw broken(file, opened, cells, "a closing quotation mark", "the end of the file");
                    }
                    char c = text.charAt(at++);
                    if (c == '"' && at < text.length() && text.charAt(at) == '"') {
                        at++;
                    } else if (c == '"') {
                        break;
                    }
                    line += c == '\n' ? 1 : 0;
                    cell.append(c);
                }
            } else {
                while (at < text.length() && ",\"\n".indexOf(text.charAt(at)) < 0) {
                    cell.append(text.charAt(at++));
                }
            }
            if (at < text.length() && ",\n".indexOf(text.charAt(at)) < 0) {
                throw broken(file, line, cells, "a comma or the end of the line",
                        "\"" + text.charAt(at) + "\"");
            }
            cells.add(cell.toString());
            boolean endOfLine = at == text.length() || text.charAt(at) == '\n';
            if (!endOfLine && at + 1 == text.length()) {
                cells.add("");
                endOfLine = true;
            }
            at++;
            if (endOfLine) {
                records.add(new Record(recordLine, List.copyOf(cells)));
                cells.clear();
                recordLine = ++line;
            }
        }
        return records;
    }

    private static InvalidInputException broken(
            Path file, int line, List<String> before, String expected, String found) {
        return new InvalidInputException("%s, line %d, column %d: expected %s, found %s."
                .formatted(file.getFileName(), line, before.size() + 1, expected, found));
    }

    private static String content(Path file) {
        try {
            return Files.readString(file).replace("\r\n", "\n");
        } catch (NoSuchFileException e) {
            throw new InvalidInputException(
                    "%s: expected a file, found nothing there.".formatted(file), e);
        } catch (CharacterCodingException e) {
            throw new InvalidInputException(
                    "%s: expected UTF-8 text, found other bytes.".formatted(file), e);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "%s: expected a readable file, found: %s.".formatted(file, e.getMessage()), e);
        }
    }
}
