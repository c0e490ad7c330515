package superweight.find;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import superweight.InvalidInputException;
import superweight.checkpoint.ModelConfig;

/**
 * Consecutive decoder layers, both ends included.
 *
 * @param first from 0
 * @param last at least {@code first}
 */
public record LayerRange(int first, int last) {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:\\.\\.(\\d{1,9}))?");

    public LayerRange {
        if (first < 0 || last < first) {
            throw new InvalidInputException("The layers " + first + ".." + last
                    + " must run from a first to a last that is not before it.");
        }
    }

    /** All layers of a model. */
    public static LayerRange all(ModelConfig config) {
        return new LayerRange(0, config.numHiddenLayers() - 1);
    }

    /** Reads {@code first..last}, or one layer's number. */
    public static LayerRange parse(String text) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            throw new InvalidInputException("The layers '" + text
                    + "' are not of the form first..last (whole numbers, such as 0..7, or 3 for one layer).");
        }
        int first = Integer.parseInt(range.group(1));
        return new LayerRange(first, Optional.ofNullable(range.group(2)).map(Integer::parseInt).orElse(first));
    }

    /** Refuses layers that the model does not have. */
    public LayerRange of(ModelConfig config) {
        if (last >= config.numHiddenLayers()) {
            throw new InvalidInputException("There is no layer " + last + ": this model's run from 0 to "
                    + (config.numHiddenLayers() - 1) + ".");
        }
        return this;
    }

    public boolean contains(int layer) {
        return first <= layer && layer <= last;
    }
}
