package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import superweight.measure.Perplexity;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.quantize.W8A8Reading;
import superweight.stats.PairedBootstrap;

class ReadingComparisonTest {
    private static final List<Intervention> SHARED = List.of(Intervention.prune(new Coordinate(0, 0, 0)));
    private static final List<Intervention> OURS = List.of(Intervention.prune(new Coordinate(0, 0, 1)));
    private static final List<Intervention> FREE = List.of(Intervention.prune(new Coordinate(0, 0, 2)));
    private static final List<Intervention> FREE_OURS = List.of(Intervention.prune(new Coordinate(0, 0, 3)));

    /** Every window alike, so that intervals have no width. */
    private static Perplexity of(double perplexity) {
        double nll = Math.log(perplexity);
        return new Perplexity(64, List.of(nll, nll, nll));
    }

    private final ReadingComparison comparison = ReadingComparison.of(
            of(20),
            List.of(
                    new W8A8Reading("ours", SHARED, OURS),
                    new W8A8Reading("costs nothing", FREE, FREE_OURS)),
            Map.of(SHARED, of(40), OURS, of(25), FREE, of(20), FREE_OURS, of(18)),
            new PairedBootstrap(7));

    @Test
    void eachReadingIsHeldAgainstItsOwnNaiveWay() {
        assertEquals(0.625, comparison.rows().get(0).ratio().estimate(), 1e-9);
        assertEquals(0.75, comparison.rows().get(0).ofGap().orElseThrow().estimate(), 1e-9);
        assertEquals(0.9, comparison.rows().get(1).ratio().estimate(), 1e-9);
        assertEquals(Optional.empty(), comparison.rows().get(1).ofGap());
    }

    @Test
    void theTableHasBothPerplexitiesTheirRatioAndTheShareOfTheGap() {
        assertEquals("""
                | reading | naive | held out | held out / naive | held out / naive, 95 % \
                | % of the gap | % of the gap, 95 % |
                | --- | ---: | ---: | ---: | ---: | ---: | ---: |
                | ours | 40.00 | 25.00 | 0.625 | [0.625, 0.625] | 75 | [75, 75] |
                | costs nothing | 20.00 | 18.00 | 0.900 | [0.900, 0.900] | – | – |
                """, comparison.table().markdown());
    }
}
