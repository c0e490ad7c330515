package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import superweight.measure.AttentionSink;
import superweight.stats.PairedBootstrap;

class SinkComparisonTest {
    /** Of two tokens the second attends evenly with one half to the first, of three on average with 5/12. */
    @Test
    void whatIsKeptIsCountedAboveEvenAttentionInTheLaterLayers() {
        SinkComparison comparison = SinkComparison.of(
                List.of("original", "pruned"),
                List.of(
                        List.of(sink(2, 0, 0.8, 1), sink(3, 0, 0.5, 0.5)),
                        List.of(sink(2, 1, 0.7, 0.7), sink(3, 1, 0.4, 0.6))),
                1,
                new PairedBootstrap(1, 200, 0.95));
        assertEquals((0.9 + 0.5) / 2, comparison.rows().get(0).drawn().estimate(), 1e-12);
        assertEquals((0.7 + 0.5) / 2, comparison.rows().get(1).drawn().estimate(), 1e-12);
        assertEquals(1, comparison.rows().get(0).kept().estimate(), 1e-12);
        double above = 0.4 + (0.5 - 5 / 12.0);
        assertEquals((0.2 + (0.5 - 5 / 12.0)) / above, comparison.rows().get(1).kept().estimate(), 1e-12);
    }

    private static AttentionSink sink(int tokens, double... layers) {
        return new AttentionSink(tokens, List.of(layers[0], layers[1], layers[2]));
    }
}
