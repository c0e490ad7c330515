package superweight.stats;

/**
 * What an interval of a difference says once it is stated beforehand how small a difference is none: "nothing was seen"
 * and "there is nothing" are told apart.
 */
public enum Equivalence {
    NO_DIFFERENCE("no difference"), MORE("more"), LESS("less"), UNDECIDED("undecided");

    private final String words;

    Equivalence(String words) {
        this.words = words;
    }

    /**
     * @param difference 0 where nothing differs
     * @param bound how far from 0 it may lie and still be none; the whole interval has to lie on one side of it
     */
    public static Equivalence of(Interval difference, double bound) {
        if (!(bound > 0)) {
            throw new IllegalArgumentException("a difference that is none must be bounded above 0, found " + bound);
        }
        if (difference.low() > -bound && difference.high() < bound) {
            return NO_DIFFERENCE;
        }
        if (difference.low() >= bound) {
            return MORE;
        }
        return difference.high() <= -bound ? LESS : UNDECIDED;
    }

    @Override
    public String toString() {
        return words;
    }
}
