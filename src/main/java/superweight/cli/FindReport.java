package superweight.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import superweight.find.Evidence;
import superweight.find.Findings;
import superweight.find.LayerProfile;

/**
 * What {@code superweight find} prints; its fields are the JSON document's.
 *
 * @param superWeights strongest product first; their values are the first prompt's
 * @param erasers the same
 * @param profile one entry per searched layer, the first prompt's
 */
record FindReport(
        String model, List<String> prompts, List<Weight> superWeights, List<Weight> erasers, List<Layer> profile) {

    /**
     * One weight that was found.
     *
     * @param prompts on how many prompts
     * @param perplexityRatio perplexity without this weight alone over the original's, if it was measured
     */
    record Weight(
            int layer,
            int row,
            int column,
            float weight,
            float input,
            float output,
            int token,
            double share,
            double timesMedian,
            int rankInMatrix,
            double zScoreInRow,
            double loss,
            int prompts,
            OptionalDouble perplexityRatio) {
        static Weight of(Evidence evidence, int prompts, OptionalDouble perplexityRatio) {
            return new Weight(
                    evidence.at().layer(), evidence.at().row(), evidence.at().column(),
                    evidence.weight(), evidence.input(), evidence.output(), evidence.token(), evidence.share(),
                    evidence.timesMedian(), evidence.statistics().rankInMatrix(), evidence.statistics().zScoreInRow(),
                    evidence.loss(), prompts, perplexityRatio);
        }

        private String line(String role) {
            return String.format(Locale.ROOT,
                    "%-12s  %d:%d:%d = %.4f  (rank %d in its matrix)  x %.4g = %.0f %% of the output %.4g at token %d,"
                            + " %.0f times the layer's median",
                    role, layer, row, column, weight, rankInMatrix, input, 100 * share, output, token, timesMedian);
        }
    }

    /** The largest activations around one layer's down_proj: a point of each curve of the paper's Figure 3. */
    record Layer(
            int layer,
            float inMax,
            int inToken,
            int inChannel,
            float outMax,
            int outToken,
            int outChannel) {
        static Layer of(LayerProfile profile) {
            return new Layer(
                    profile.layer(),
                    profile.input().value(), profile.input().token(), profile.input().channel(),
                    profile.output().value(), profile.output().token(), profile.output().channel());
        }
    }

    /**
     * The report for a person.
     *
     * @param first what the first prompt showed
     */
    String lines(Findings first) {
        if (superWeights.isEmpty()) {
            return "no super weight found";
        }
        List<String> lines = new ArrayList<>();
        for (Weight weight : superWeights) {
            String loss = String.format(
                    Locale.ROOT, "; without it the super activation falls by %.0f %%", 100 * weight.loss);
            lines.add(weight.line("super weight") + loss + agreement(weight) + removal(weight));
        }
        for (Weight weight : erasers) {
            lines.add(weight.line("eraser") + agreement(weight) + removal(weight));
        }
        lines.add(String.format(Locale.ROOT,
                "super activation %.4g; without all of its super weights %.4g",
                first.superActivation(), first.superActivationLeft()));
        return String.join("\n", lines);
    }

    private String agreement(Weight weight) {
        return prompts.size() > 1 ? "; " + weight.prompts + " of " + prompts.size() + " prompts" : "";
    }

    private static String removal(Weight weight) {
        return weight.perplexityRatio.isPresent()
                ? String.format(
                        Locale.ROOT, "; alone removed: perplexity x %.2f", weight.perplexityRatio.getAsDouble())
                : "";
    }
}
