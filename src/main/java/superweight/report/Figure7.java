package superweight.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Stream;
import superweight.checkpoint.ModelConfig;
import superweight.measure.Condition;
import superweight.model.Coordinate;
import superweight.quantize.BlockSize;
import superweight.quantize.Blocks;
import superweight.quantize.Clip;
import superweight.quantize.LinearLayers;
import superweight.quantize.OutlierTreatment;
import superweight.quantize.Quantizer;
import superweight.quantize.WeightQuantization;
import superweight.stats.Interval;

/** The paper's Figure 7: zero-shot accuracy with 4-bit weights, plain rounding and "Ours", in ever larger blocks. */
public final class Figure7 {
    /** The paper's squares of 128 x 128 to 1024 x 1024, as runs of as many weights. */
    public static final List<BlockSize> BLOCKS =
            Stream.of(16384, 65536, 262144, 1048576).map(BlockSize::of).toList();

    private static final int BITS = 4;
    private static final String FAMILY = "figure-7-";
    private static final String PLAIN = "plain-";
    private static final String OURS = "ours-";

    private Figure7() {}

    /**
     * What the figure measures, cut as the paper's code does: a matrix that is not a whole number of blocks is one.
     *
     * @return plain rounding and "Ours" in each block size, named as claims name them: {@code plain-16384}
     */
    public static List<Condition> conditions(ModelConfig config, List<Coordinate> superWeights) {
        List<Condition> conditions = new ArrayList<>();
        for (BlockSize block : BLOCKS) {
            int length = block.length().getAsInt();
            Quantizer plain = Quantizer.roundToNearest(BITS, new Blocks.RunsOrWhole(length));
            conditions.add(new Condition(PLAIN + length, LinearLayers.mapped(config, plain)));
            conditions.add(new WeightQuantization(
                            plain.clipping(new Clip.MagnitudeDeviations(BlockWay.README_Z)),
                            OutlierTreatment.CLIP_AND_RESTORE)
                    .condition(OURS + length, config, superWeights));
        }
        return conditions;
    }

    /**
     * What a run says about the figure's values. Accuracies are held against them; the effect, which any model can be
     * asked for, is a ratio of perplexities. The largest block at hand stands for the paper's largest where that was
     * not measured; of other sizes that were not, the question has no answer.
     *
     * @param averages accuracies over the whole of all tasks, in percent, by the names of {@link #conditions}; those
     *     that were measured
     * @param claims gives the id of the claim that the run is about, by what its id begins with ({@link Run#claim})
     */
    public static List<Measured> claims(
            BlockPerplexities measured, Map<String, Double> averages, Function<String, Optional<String>> claims) {
        List<Measured> values = new ArrayList<>();
        for (BlockSize block : BLOCKS) {
            int length = block.length().getAsInt();
            BlockSize asked = standIn(block, measured);
            claims.apply(FAMILY + PLAIN + length).ifPresent(id -> values.add(value(
                    id, average(averages, PLAIN + length), measured.plainBySmallest(asked), block)));
            claims.apply(FAMILY + OURS + length).ifPresent(id -> values.add(value(
                    id, average(averages, OURS + length),
                    measured.ratio(asked, OutlierTreatment.NONE, OutlierTreatment.CLIP_AND_RESTORE), block)));
        }
        return values;
    }

    private static OptionalDouble average(Map<String, Double> averages, String way) {
        return averages.containsKey(way) ? OptionalDouble.of(averages.get(way)) : OptionalDouble.empty();
    }

    private static BlockSize standIn(BlockSize block, BlockPerplexities measured) {
        boolean isLargest = block.equals(BLOCKS.get(BLOCKS.size() - 1));
        return isLargest && measured.at(block, OutlierTreatment.NONE).isEmpty() ? measured.largest() : block;
    }

    private static Measured value(
            String claim, OptionalDouble average, Optional<Interval> effect, BlockSize block) {
        if (average.isPresent()) {
            return Measured.of(claim, average.getAsDouble()).withEffect(effect);
        }
        return effect.map(ratio -> Measured.of(claim, ratio).withEffect(ratio))
                .orElseGet(() -> Measured.unanswered(claim, "not run in " + block.phrase()))
                .onAnotherText();
    }
}
