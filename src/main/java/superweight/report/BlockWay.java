package superweight.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import superweight.checkpoint.ModelConfig;
import superweight.measure.Condition;
import superweight.measure.ReconstructionError;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.quantize.BlockSize;
import superweight.quantize.Clip;
import superweight.quantize.LinearLayers;
import superweight.quantize.OutlierTreatment;
import superweight.quantize.Quantizer;
import superweight.quantize.WeightQuantization;

/**
 * One way to round weights in blocks with something done about outliers (paper section 4.2).
 *
 * @param z where outliers are clipped, in the sense of the paper's code; empty where they are not
 * @param clip what tables call that
 */
public record BlockWay(int bits, BlockSize block, OutlierTreatment treatment, Optional<Double> z, String clip) {
    /** The first setting of the authors' README. */
    public static final double README_Z = 9;

    /** With outliers clipped at the README's z where the treatment clips at all. */
    public static BlockWay of(int bits, BlockSize block, OutlierTreatment treatment) {
        return of(bits, block, treatment, treatment.clips() ? Optional.of(README_Z) : Optional.empty());
    }

    /** With outliers clipped at that z. */
    public static BlockWay of(int bits, BlockSize block, OutlierTreatment treatment, Optional<Double> z) {
        return new BlockWay(bits, block, treatment, z, ClipChoice.name(z));
    }

    /**
     * The recipe taken apart: plain rounding in blocks of every size; where outliers are treated, every treatment at
     * the README's z, then the paper's at the z that each error chose; and only the paper's in its own block sizes
     * beside these.
     *
     * @param sizes all of them
     * @param treated those where outliers are treated
     * @param choice with a row for each of these
     */
    public static List<BlockWay> takenApart(
            int bits, List<BlockSize> sizes, List<BlockSize> treated, ClipChoice choice) {
        List<BlockWay> ways = new ArrayList<>();
        for (BlockSize block : sizes) {
            for (OutlierTreatment treatment : OutlierTreatment.values()) {
                if (treatment == OutlierTreatment.NONE
                        || treated.contains(block)
                        || treatment == OutlierTreatment.CLIP_AND_RESTORE && Figure7.BLOCKS.contains(block)) {
                    ways.add(of(bits, block, treatment));
                }
            }
            if (treated.contains(block)) {
                ways.add(new BlockWay(bits, block, OutlierTreatment.CLIP_AND_RESTORE,
                        choice.best(block.toString(), ReconstructionError::weights), "z by weights"));
                ways.add(new BlockWay(bits, block, OutlierTreatment.CLIP_AND_RESTORE,
                        choice.best(block.toString(), ReconstructionError::outputs), "z by outputs"));
            }
        }
        return ways;
    }

    /** Cuts, clips and rounds. */
    public Quantizer quantizer() {
        return Quantizer.roundToNearest(bits, block.blocks())
                .clipping(z.<Clip>map(Clip.MagnitudeDeviations::new).orElse(new Clip.None()));
    }

    /** All linear layers of a model so quantized. */
    public Condition condition(ModelConfig config, List<Coordinate> superWeights) {
        String name = "%d bits, %s: %s (%s)".formatted(bits, block.phrase(), treatment, clip);
        return new WeightQuantization(quantizer(), treatment).condition(name, config, superWeights);
    }

    /** What a table says of it on a model; how many weights it clips is counted. */
    public BlockComparison.Setting setting(CausalLM model) {
        return setting(model.config(),
                z.isEmpty() ? OptionalLong.empty() : OptionalLong.of(LinearLayers.clipped(model, quantizer())));
    }

    /** The same for a table of several widths, where that is not counted. */
    public BlockComparison.Setting settingOfWidth(ModelConfig config) {
        return setting(config, OptionalLong.empty()).withWidth(bits);
    }

    private BlockComparison.Setting setting(ModelConfig config, OptionalLong clipped) {
        return new BlockComparison.Setting(
                block.toString(), LinearLayers.bitsPerWeight(config, quantizer()), treatment, clip, clipped);
    }
}
