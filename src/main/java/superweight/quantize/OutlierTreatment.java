package superweight.quantize;

import java.util.List;
import java.util.function.BiFunction;
import superweight.model.Intervention.Cell;
import superweight.model.TensorMap;

/**
 * What is done about outliers where weights are rounded: the paper's way (section 4.2, formula 2) and its parts one by
 * one, so that each can be seen to matter or not.
 */
public enum OutlierTreatment {
    /** Plain rounding: the baseline. */
    NONE("plain", false, (quantizer, superWeights) -> quantizer.clipping(new Clip.None())),

    /** Super weights are what they were; where a block keeps its extremes, those that are one would be so anyway. */
    RESTORE("super weights restored", false,
            (quantizer, superWeights) -> restored(quantizer.clipping(new Clip.None()), superWeights)),

    /** Super weights are what they were and do not stretch their block's range. */
    LEAVE_OUT("super weights left out of ranges", false,
            (quantizer, superWeights) -> leftOut(quantizer.clipping(new Clip.None()), superWeights)),

    /** Outliers, super weights among them, are clipped and stay so. */
    CLIP("clipped", true, (quantizer, superWeights) -> quantizer),

    /** Outliers are clipped and super weights are what they were: the paper's "Ours". */
    CLIP_AND_RESTORE("clipped, super weights restored", true, OutlierTreatment::restored),

    /** Outliers are clipped and all of them are what they were. */
    CLIP_AND_RESTORE_ALL("clipped, all clipped restored", true,
            (quantizer, superWeights) -> new ClippedRestored(quantizer));

    private final String label;
    private final boolean clips;
    private final BiFunction<Quantizer, List<Cell>, TensorMap> map;

    OutlierTreatment(String label, boolean clips, BiFunction<Quantizer, List<Cell>, TensorMap> map) {
        this.label = label;
        this.clips = clips;
        this.map = map;
    }

    /** Whether it uses the quantizer's clip. */
    public boolean clips() {
        return clips;
    }

    /** What it makes of a matrix with these super weights. */
    TensorMap of(Quantizer quantizer, List<Cell> superWeights) {
        return map.apply(quantizer, superWeights);
    }

    private static TensorMap restored(Quantizer quantizer, List<Cell> superWeights) {
        return superWeights.isEmpty() ? quantizer : new Restored(quantizer, superWeights);
    }

    private static TensorMap leftOut(Quantizer quantizer, List<Cell> superWeights) {
        return superWeights.isEmpty() ? quantizer : new LeftOut(quantizer, superWeights);
    }

    @Override
    public String toString() {
        return label;
    }
}
