package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import superweight.measure.Condition;
import superweight.measure.Perplexity;
import superweight.stats.PairedBootstrap;

class W8A8ComparisonTest {
    /** Every window alike, so that intervals have no width. */
    private static Perplexity of(double perplexity) {
        double nll = Math.log(perplexity);
        return new Perplexity(64, List.of(nll, nll, nll));
    }

    private static Condition way(String name) {
        return new Condition(name, List.of());
    }

    private static final List<Condition> WAYS = List.of(way("naive"), way("SmoothQuant"), way("held out"));

    /** Llama-7B on WikiText-2 as Table 3 prints it: 75 % of SmoothQuant's gain, which is 60 % of the gap. */
    @Test
    void bothSharesOfTable3AreThoseOfItsPerplexities() {
        W8A8Comparison table = W8A8Comparison.of(
                of(5.68), WAYS, List.of(of(5.83), of(5.71), of(5.74)), new PairedBootstrap(7));
        W8A8Comparison.Row ours = table.at("held out");
        assertEquals(0.75, ours.ofSmoothQuant().orElseThrow().estimate(), 1e-9);
        assertEquals(0.60, ours.ofGap().orElseThrow().estimate(), 1e-9);
        assertEquals(5.74 / 5.83, ours.naive().estimate(), 1e-9);
        assertEquals(5.74 / 5.68, ours.original().estimate(), 1e-9);
        assertEquals(Optional.empty(), table.at("naive").ofGap());
    }

    @Test
    void whereSmoothQuantDoesHarmThereIsNothingToHaveAShareOf() {
        W8A8Comparison table = W8A8Comparison.of(
                of(5), WAYS, List.of(of(6), of(7), of(5.5)), new PairedBootstrap(7));
        assertEquals(Optional.empty(), table.at("held out").ofSmoothQuant());
        assertEquals(0.5, table.at("held out").ofGap().orElseThrow().estimate(), 1e-9);
        String row = table.table().markdown().lines().filter(line -> line.startsWith("| held out")).findFirst().get();
        assertEquals(
                "| held out | 5.50 | 1.100 | [1.100, 1.100] | 0.917 | [0.917, 0.917] | – | – | 50 | [50, 50] |", row);
    }

    @Test
    void aFigureHasAPointForEveryWay() {
        W8A8Comparison table = W8A8Comparison.of(
                of(5), WAYS, List.of(of(6), of(5.2), of(5.5)), new PairedBootstrap(7));
        assertEquals(6, table.and(table).rows().size());
        assertTrue(table.figure("title").csv().contains("held out"));
    }
}
