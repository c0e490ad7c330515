package superweight.report;

/** How far a measured value may lie from a printed one and still count as the same. */
public enum Comparison {
    /** |measured - printed| is at most tolerance times |printed|. */
    RELATIVE {
        @Override
        double distance(double measured, double printed) {
            return Math.abs(measured - printed) / Math.abs(printed);
        }
    },
    /** |measured - printed| is at most tolerance. */
    ABSOLUTE {
        @Override
        double distance(double measured, double printed) {
            return Math.abs(measured - printed);
        }
    },
    /** The two differ by at most tolerance decades: for values whose order of magnitude is the claim. */
    LOG10 {
        @Override
        double distance(double measured, double printed) {
            return Math.abs(Math.log10(measured) - Math.log10(printed));
        }
    };

    // Absorbs the rounding of a difference of two decimals: 5.68 - 5.67 exceeds 0.01 in binary.
    private static final double ROUNDING = 1e-9;

    abstract double distance(double measured, double printed);

    /** False for NaN and for infinities, which no printed value is near. */
    public boolean within(double measured, double printed, double tolerance) {
        return distance(measured, printed) <= tolerance * (1 + ROUNDING);
    }
}
