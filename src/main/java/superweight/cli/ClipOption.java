package superweight.cli;

import java.util.Map;
import java.util.function.DoubleFunction;
import superweight.InvalidInputException;
import superweight.quantize.Clip;

/**
 * How outliers are clipped, as it is typed.
 *
 * @param typed such as {@code z=9}
 */
record ClipOption(String typed, Clip clip) {
    static final String FORM = "none|z=9|sigma=6|block=1e-5|tensor=1e-6";
    static final String DESCRIPTION = "clip outliers before rounding: z=Z at the mean + Z standard deviations of a"
            + " block's magnitudes (the paper's code), sigma=S at S standard deviations on either side of its mean (the"
            + " paper's text), block=P or tensor=P the share P of the largest magnitudes of a block or a matrix"
            + " (default: none)";

    private static final String NONE = "none";
    private static final Map<String, DoubleFunction<Clip>> KINDS = Map.of(
            "z", Clip.MagnitudeDeviations::new,
            "sigma", Clip.Deviations::new,
            "block", Clip.BlockShare::new,
            "tensor", Clip.TensorShare::new);

    /** Reads the value of {@code --clip}. */
    static ClipOption parse(String typed) {
        if (typed.equals(NONE)) {
            return new ClipOption(typed, new Clip.None());
        }
        int equals = typed.indexOf('=');
        String kind = typed.substring(0, Math.max(0, equals));
        if (!KINDS.containsKey(kind)) {
            throw new InvalidInputException("--clip '" + typed + "' is not of one of the forms none, z=9, sigma=6,"
                    + " block=1e-5 and tensor=1e-6.");
        }
        return new ClipOption(typed, KINDS.get(kind).apply(number(typed, typed.substring(equals + 1))));
    }

    private static double number(String typed, String number) {
        try {
            return Double.parseDouble(number);
        } catch (NumberFormatException e) {
            throw new InvalidInputException(
                    "In --clip '" + typed + "', '" + number + "' is not a number (such as 9 or 1e-5).", e);
        }
    }

    @Override
    public String toString() {
        return typed;
    }
}
