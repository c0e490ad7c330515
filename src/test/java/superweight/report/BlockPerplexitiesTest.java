package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import superweight.measure.Perplexity;
import superweight.quantize.BlockSize;
import superweight.quantize.OutlierTreatment;
import superweight.stats.PairedBootstrap;

class BlockPerplexitiesTest {
    private static final BlockSize SMALL = BlockSize.of(64);

    private final BlockPerplexities measured = new BlockPerplexities(
            List.of(
                    BlockWay.of(4, SMALL, OutlierTreatment.NONE),
                    BlockWay.of(4, BlockSize.WHOLE, OutlierTreatment.NONE),
                    BlockWay.of(4, BlockSize.WHOLE, OutlierTreatment.CLIP),
                    BlockWay.of(4, BlockSize.WHOLE, OutlierTreatment.CLIP, Optional.of(3.0))),
            List.of(of(20), of(60), of(30), of(15)),
            new PairedBootstrap(7));

    private static Perplexity of(double perplexity) {
        double nll = Math.log(perplexity);
        return new Perplexity(64, List.of(nll, nll, nll));
    }

    @Test
    void aTreatmentAtSeveralZIsTheFirst() {
        assertEquals(30, measured.at(BlockSize.WHOLE, OutlierTreatment.CLIP).orElseThrow().value(), 1e-9);
        assertEquals(
                0.5,
                measured.ratio(BlockSize.WHOLE, OutlierTreatment.NONE, OutlierTreatment.CLIP).orElseThrow().estimate(),
                1e-9);
    }

    @Test
    void blocksAreComparedWithTheSmallest() {
        assertEquals(3, measured.plainBySmallest(BlockSize.WHOLE).orElseThrow().estimate(), 1e-9);
        assertEquals(BlockSize.WHOLE, measured.largest());
    }

    @Test
    void whatWasNotMeasuredHasNoRatio() {
        assertEquals(Optional.empty(), measured.ratio(SMALL, OutlierTreatment.NONE, OutlierTreatment.CLIP));
        assertEquals(Optional.empty(), measured.plainBySmallest(BlockSize.of(128)));
    }
}
