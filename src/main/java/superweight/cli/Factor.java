package superweight.cli;

import superweight.InvalidInputException;

/** What weights are multiplied by, as it is typed. */
final class Factor {
    private Factor() {}

    /**
     * Reads a number that is finite in float32.
     *
     * @param option the option it was typed for, with its whole value
     */
    static double parse(String typed, String option) {
        double factor = number(typed, option);
        if (!Float.isFinite((float) factor)) {
            throw new InvalidInputException(
                    "The factor '" + typed + "' in " + option + " must be a finite number in float32.");
        }
        return factor;
    }

    private static double number(String typed, String option) {
        try {
            return Double.parseDouble(typed);
        } catch (NumberFormatException e) {
            throw new InvalidInputException(
                    "The factor '" + typed + "' in " + option + " is not a number (such as 0, 0.5 or 2).", e);
        }
    }
}
