package superweight.find;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import superweight.Progress;
import superweight.measure.Condition;
import superweight.measure.EvaluationText;
import superweight.measure.Perplexity;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;

/** What pruning single weights, each alone, does to perplexity (paper section 3.2: "Prune SW" of Table 1). */
public final class PruningCost {
    /** Enough text to tell an order of magnitude; a result for a table takes more. */
    private static final int WINDOW = 1024;

    private static final int WINDOWS = 2;

    private PruningCost() {}

    /** A text's first two windows of 1,024 tokens; shorter ones where text or model are. */
    public static List<int[]> windows(CausalLM model, EvaluationText text) {
        int[] ids = model.tokenizer().encode(text.text());
        List<int[]> all = Perplexity.windows(
                ids, Math.min(Math.min(WINDOW, model.config().maxPositionEmbeddings()), ids.length));
        return all.subList(0, Math.min(WINDOWS, all.size()));
    }

    /**
     * How many times the original's perplexity the model has without each weight.
     *
     * @param windows token ids, all of one length
     * @return one entry per place, in their order; 1 where the weight does not matter
     * @throws ArithmeticException if a loss is not a finite number
     */
    public static Map<Coordinate, Double> perplexityRatios(
            CausalLM model, List<int[]> windows, List<Coordinate> places, Progress progress) {
        List<Condition> conditions = new ArrayList<>(List.of(Condition.ORIGINAL));
        places.forEach(at -> conditions.add(new Condition("without " + at, List.of(Intervention.prune(at)))));
        List<Perplexity> measured = Perplexity.measureAll(model, windows, conditions, progress);
        double original = measured.get(0).requireFinite().value();
        Map<Coordinate, Double> ratios = new LinkedHashMap<>();
        for (int i = 0; i < places.size(); i++) {
            ratios.put(places.get(i), measured.get(i + 1).requireFinite().value() / original);
        }
        return ratios;
    }
}
