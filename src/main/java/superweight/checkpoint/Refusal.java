package superweight.checkpoint;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import superweight.InvalidInputException;

/** The one form in which this package's readers refuse a file: where, what, expected, found. */
final class Refusal {
    private static final int LONGEST_SHOWN = 200;
    /** Enough to see what is wrong; a file of another kind would list hundreds. */
    private static final int NAMES_LISTED = 8;

    private Refusal() {}

    static InvalidInputException of(Path path, String what, String expected, String found) {
        return new InvalidInputException(String.format(
                Locale.ROOT, "In %s, %s should be %s, but is %s.", path, shown(what), expected, shown(found)));
    }

    static InvalidInputException unreadable(Path path, IOException cause) {
        return new InvalidInputException(
                cause instanceof NoSuchFileException
                        ? path + " is not there (any more)."
                        : path + " could not be read: " + cause + ".",
                cause);
    }

    /** Names from a file as a list for a sentence; only how many there are more, where there are many. */
    static String listed(List<String> names) {
        int more = names.size() - NAMES_LISTED;
        String listed = names.stream().limit(NAMES_LISTED).map(Refusal::shown).collect(Collectors.joining(", "));
        return listed + (more > 0 ? " and " + more + " more" : "");
    }

    /** Text from a file, safe to print: no control characters, and not megabytes of it. */
    static String shown(String text) {
        String printable = text.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= LONGEST_SHOWN ? printable : printable.substring(0, LONGEST_SHOWN) + "...";
    }
}
