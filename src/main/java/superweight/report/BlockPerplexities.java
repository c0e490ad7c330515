package superweight.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import superweight.measure.Perplexity;
import superweight.quantize.BlockSize;
import superweight.quantize.OutlierTreatment;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;

/**
 * Ways to round weights in blocks, measured.
 *
 * @param ways at least one, the first in the smallest blocks
 * @param measured one a way, on the same windows
 */
public record BlockPerplexities(List<BlockWay> ways, List<Perplexity> measured, PairedBootstrap bootstrap) {
    public BlockPerplexities {
        ways = List.copyOf(ways);
        measured = List.copyOf(measured);
    }

    /** Of a treatment in blocks of a size; of several, at different z, the first. Empty where it was not measured. */
    public Optional<Perplexity> at(BlockSize block, OutlierTreatment treatment) {
        return IntStream.range(0, ways.size())
                .filter(i -> ways.get(i).block().equals(block) && ways.get(i).treatment() == treatment)
                .mapToObj(measured::get)
                .findFirst();
    }

    /** How many times perplexity one treatment has of another in the same blocks, paired by windows. */
    public Optional<Interval> ratio(BlockSize block, OutlierTreatment from, OutlierTreatment to) {
        return at(block, from).flatMap(before -> at(block, to)
                .map(after -> bootstrap.perplexityRatio(before.nll(), after.nll())));
    }

    /** How many times perplexity plain rounding in blocks of a size has of that in the smallest. */
    public Optional<Interval> plainBySmallest(BlockSize block) {
        return at(ways.get(0).block(), OutlierTreatment.NONE).flatMap(smallest -> at(block, OutlierTreatment.NONE)
                .map(plain -> bootstrap.perplexityRatio(smallest.nll(), plain.nll())));
    }

    /** The block size of the last way, the largest that was measured. */
    public BlockSize largest() {
        return ways.get(ways.size() - 1).block();
    }
}
