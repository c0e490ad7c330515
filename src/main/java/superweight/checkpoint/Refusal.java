package superweight.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import superweight.InvalidInputException;

/** The one form in which this package's readers refuse a file: where, what, expected, found. */
final class Refusal {
    private static final int LONGEST_SHOWN = 200;

    private Refusal() {}

    static InvalidInputException of(Path path, String what, String expected, String found) {
        return new InvalidInputException(String.format(
                Locale.ROOT, "In %s, %s should be %s, but is %s.", path, shown(what), expected, shown(found)));
    }

    static InvalidInputException unreadable(Path path, IOException cause) {
        return new InvalidInputException(path + " could not be read: " + cause + ".", cause);
    }

    /** Text from a file, safe to print: no control characters, and not megabytes of it. */
    static String shown(String text) {
        String printable = text.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= LONGEST_SHOWN ? printable : printable.substring(0, LONGEST_SHOWN) + "...";
    }
}
