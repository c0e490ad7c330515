package superweight.measure;

import superweight.Progress;
import superweight.model.ActivationReader;
import superweight.model.CausalLM;
import superweight.model.HookPoint;

/** Follows the forward pass, layer by layer and in each layer sequence by sequence. */
final class LayerProgress {
    private LayerProgress() {}

    /**
     * @param sequences how many go through the layers together
     * @param what what is being measured, in a few words
     */
    static ActivationReader of(CausalLM model, int sequences, String what, Progress progress) {
        double steps = (double) model.config().numHiddenLayers() * sequences;
        return (sequence, point, activation) -> {
            if (point.site() == HookPoint.Site.RESID_POST) {
                double done = point.layer() * (double) sequences + sequence + 1;
                progress.at(done / steps, what);
            }
        };
    }
}
