package superweight.report;

import java.util.function.DoubleBinaryOperator;

/** How far a measured value may lie from a printed one and still count as the same. */
public enum Comparison {
    /** |measured - printed| is at most tolerance times |printed|. */
    RELATIVE((measured, printed) -> Math.abs(measured - printed) / Math.abs(printed), "%s times its size"),

    /** |measured - printed| is at most tolerance. */
    ABSOLUTE((measured, printed) -> Math.abs(measured - printed), "%s"),

    /** The two differ by at most tolerance decades: for values whose order of magnitude is the claim. */
    LOG10((measured, printed) -> Math.abs(Math.log10(measured) - Math.log10(printed)), "%s decades");

    // Absorbs the rounding of a difference of two decimals: 5.68 - 5.67 exceeds 0.01 in binary.
    private static final double ROUNDING = 1e-9;

    private final DoubleBinaryOperator distance;
    private final String words;

    Comparison(DoubleBinaryOperator distance, String words) {
        this.distance = distance;
        this.words = words;
    }

    /** "within 0.02 of it": what {@link #within} asks, for readers. */
    String words(double tolerance) {
        return "within " + words.formatted(CellFormat.shortest().format(tolerance));
    }

    /** False for NaN and for infinities, which no printed value is near. */
    public boolean within(double measured, double printed, double tolerance) {
        return distance.applyAsDouble(measured, printed) <= tolerance * (1 + ROUNDING);
    }
}
