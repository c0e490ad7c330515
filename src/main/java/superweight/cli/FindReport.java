package superweight.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import superweight.find.Evidence;
import superweight.find.Findings;
import superweight.find.LayerProfile;

/**
 * What {@code superweight find} prints; its fields are the JSON document's.
 *
 * @param superWeights strongest product first; their values are the first prompt's
 * @param erasers the same
 * @param profile one entry per listed layer, the first prompt's
 */
record FindReport(
        String model,
        List<String> prompts,
        List<Weight> superWeights,
        List<Weight> erasers,
        List<Layer> profile,
        Extent layers) {
    private static final String HEADER = String.format("%-12s  %-16s %10s %5s %9s %9s %7s %9s %6s %8s %8s",
            "", "layer:row:column", "weight", "rank", "input", "output", "share", "x median", "token", "written",
            "loss");

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
            double written,
            double loss,
            int prompts,
            OptionalDouble perplexityRatio) {
        static Weight of(Evidence evidence, int prompts, OptionalDouble perplexityRatio) {
            return new Weight(
                    evidence.at().layer(), evidence.at().row(), evidence.at().column(),
                    evidence.weight(), evidence.input(), evidence.output(), evidence.token(), evidence.share(),
                    evidence.timesMedian(), evidence.statistics().rankInMatrix(), evidence.statistics().zScoreInRow(),
                    evidence.written(), evidence.loss(), prompts, perplexityRatio);
        }

        private String line(String role) {
            return String.format(
                    Locale.ROOT, "%-12s  %-16s %10.4f %5d %9.5g %9.5g %5.0f %% %9.0f %6d %6.0f %% %6.0f %%",
                    role, layer + ":" + row + ":" + column, weight, rankInMatrix, input, output, 100 * share,
                    timesMedian, token, 100 * written, 100 * loss);
        }
    }

    /**
     * Of which layers the report tells.
     *
     * @param first the first that is listed
     * @param last the last that is listed
     * @param lastRun none after it was looked at
     * @param count how many the model has
     */
    record Extent(int first, int last, int lastRun, int count) {
        /** What an incomplete list leaves out. */
        private Optional<String> line() {
            if (last - first + 1 == count) {
                return Optional.empty();
            }
            String listed = "only what lies in " + layers(first, last) + " is listed";
            return Optional.of(lastRun + 1 == count ? listed
                    : listed + "; nothing of " + layers(lastRun + 1, count - 1) + " was looked at");
        }

        private static String layers(int from, int to) {
            return from == to ? "layer " + from : "layers " + from + " to " + to;
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
        List<String> lines = new ArrayList<>();
        if (superWeights.isEmpty()) {
            lines.add("no super weight found");
            layers.line().ifPresent(lines::add);
            return String.join("\n", lines);
        }
        lines.add(HEADER + (prompts.size() > 1 ? "  prompts" : "") + (measured() ? "  perplexity" : ""));
        superWeights.forEach(weight -> lines.add(weight.line("super weight") + more(weight)));
        erasers.forEach(weight -> lines.add(weight.line("eraser") + more(weight)));
        lines.add("share: of the output, made by input x weight; x median: of the layer's outputs;"
                + " written: share of the super activation,");
        lines.add("made by input x weight; loss: share of it that goes with this weight alone"
                + (measured() ? "; perplexity: times the original's" : ""));
        if (prompts.size() > 1) {
            lines.add("prompts: how many found it; all other values are the first prompt's, whether or not it found it");
        }
        lines.add(String.format(Locale.ROOT,
                "super activation %.5g; without all of its super weights %.5g",
                first.superActivation(), first.superActivationLeft()));
        layers.line().ifPresent(lines::add);
        return String.join("\n", lines);
    }

    private boolean measured() {
        return superWeights.get(0).perplexityRatio.isPresent();
    }

    /** The columns that only some options ask for. */
    private String more(Weight weight) {
        String agreement = prompts.size() > 1 ? String.format(Locale.ROOT, " %8d", weight.prompts) : "";
        return agreement + (weight.perplexityRatio.isPresent()
                ? String.format(Locale.ROOT, "  x %8.2f", weight.perplexityRatio.getAsDouble())
                : "");
    }
}
