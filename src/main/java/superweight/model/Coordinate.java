package superweight.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import superweight.InvalidInputException;

/**
 * The place of one scalar of a layer's {@code mlp.down_proj.weight}, as Table 2 of the paper gives
 * it.
 *
 * @param layer decoder layer, from 0
 * @param row output channel, a channel of the residual stream
 * @param column input channel, a channel of the MLP's intermediate activation
 */
public record Coordinate(int layer, int row, int column) {
    private static final Pattern TRIPLE = Pattern.compile("(\\d{1,9}):(\\d{1,9}):(\\d{1,9})");

    /** Reads {@code layer:row:column}. */
    public static Coordinate parse(String text) {
        Matcher triple = TRIPLE.matcher(text);
        if (!triple.matches()) {
            throw new InvalidInputException(
                    "The coordinate '" + text + "' is not of the form layer:row:column"
                            + " (three whole numbers, such as 11:507:1229).");
        }
        return new Coordinate(
                Integer.parseInt(triple.group(1)),
                Integer.parseInt(triple.group(2)),
                Integer.parseInt(triple.group(3)));
    }

    @Override
    public String toString() {
        return "layer " + layer + " [" + row + ", " + column + "]";
    }
}
