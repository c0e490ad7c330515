package superweight.report;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;

/**
 * One printed value of a source and how a measured one is held against it; a row of {@code
 * paper-tables/claims.csv}.
 *
 * @param id unique, such as {@code prune-sw-wikitext2}
 * @param source where the value is printed, such as {@code arXiv:2411.07191v1}
 * @param place table, figure or section; says so where the value is derived from printed ones
 * @param sentence what is claimed, in this project's words
 * @param printed the value with the decimals it is printed with
 * @param unit such as {@code perplexity}
 * @param tolerance in the terms of {@code comparison}
 * @param reason why that tolerance
 * @param effect the conclusion as it can be asked of any model; none for a baseline
 * @param notebook the notebook that measures it, such as {@code 02-prune}
 * @param model the model the source measured, as the model hub names it
 * @param text the text the source measured on, such as {@code wikitext2}; {@value #NO_TEXT} where none
 *     is needed
 */
public record Claim(
        String id,
        String source,
        String place,
        String sentence,
        BigDecimal printed,
        String unit,
        Comparison comparison,
        double tolerance,
        String reason,
        Optional<Inequality> effect,
        String notebook,
        String model,
        String text) {
    private static final Set<String> UNITS_THAT_FOLLOW = Set.of("%", "points", "times", "super weights");

    /** Stands for the text of a claim that is about the model alone. */
    public static final String NO_TEXT = "-";

    /** The model's name without its owner, which is what its folder of results is called. */
    public String modelName() {
        return model.substring(model.lastIndexOf('/') + 1);
    }

    /** Whether a run on this model and text measured what the source measured. */
    public boolean isAbout(String runModel, String runText) {
        return isAbout(runModel) && (text.equals(NO_TEXT) || runText.equals(text));
    }

    /** Whether this is the model that the source measured. */
    public boolean isAbout(String runModel) {
        return runModel.equals(model) || runModel.equals(modelName());
    }

    /** The model, and the text where there is one: {@code llama-7b, wikitext2}. */
    String setting() {
        return text.equals(NO_TEXT) ? modelName() : modelName() + ", " + text;
    }

    /** Whether a measured value counts as the printed one. */
    public boolean agreesWith(double measured) {
        return comparison.within(measured, printed.doubleValue(), tolerance);
    }

    /** In words, what counts as the printed value. */
    public String criterion() {
        return comparison.words(tolerance);
    }

    /** A written value with its unit, where a reader expects that: {@code perplexity 5.67}, {@code 35.14 %}. */
    String quantity(String value) {
        return UNITS_THAT_FOLLOW.contains(unit) ? value + " " + unit : unit + " " + value;
    }

    /** Writes measured values with as many decimals as the printed one. */
    CellFormat format() {
        return CellFormat.fixed(Math.max(0, printed.scale()));
    }
}
