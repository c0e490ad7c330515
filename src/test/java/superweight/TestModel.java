package superweight;

import superweight.checkpoint.Checkpoints;
import superweight.model.CausalLM;

/** The embedded model, read once for all tests; nothing can change it. */
public final class TestModel {
    private static final CausalLM MODEL =
            CausalLM.load(Checkpoints.open(Checkpoints.DEFAULT_MODEL));

    private TestModel() {}

    public static CausalLM smollm2() {
        return MODEL;
    }
}
