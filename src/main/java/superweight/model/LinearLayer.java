package superweight.model;

import java.util.function.ToIntFunction;
import superweight.checkpoint.ModelConfig;
import superweight.model.HookPoint.Site;

/** The seven weight matrices of a decoder layer, by Hugging Face's names; each is {@code [out, in]}. */
public enum LinearLayer {
    Q_PROJ("self_attn.q_proj", Site.LN1_OUT, LinearLayer::queryWidth, ModelConfig::hiddenSize),
    K_PROJ("self_attn.k_proj", Site.LN1_OUT, LinearLayer::keyWidth, ModelConfig::hiddenSize),
    V_PROJ("self_attn.v_proj", Site.LN1_OUT, LinearLayer::keyWidth, ModelConfig::hiddenSize),
    O_PROJ("self_attn.o_proj", Site.Z, ModelConfig::hiddenSize, LinearLayer::queryWidth),
    GATE_PROJ("mlp.gate_proj", Site.LN2_OUT, ModelConfig::intermediateSize, ModelConfig::hiddenSize),
    UP_PROJ("mlp.up_proj", Site.LN2_OUT, ModelConfig::intermediateSize, ModelConfig::hiddenSize),
    DOWN_PROJ("mlp.down_proj", Site.MLP_POST, ModelConfig::hiddenSize, ModelConfig::intermediateSize);

    private final String module;
    private final Site inputSite;
    private final ToIntFunction<ModelConfig> outFeatures;
    private final ToIntFunction<ModelConfig> inFeatures;

    LinearLayer(
            String module,
            Site inputSite,
            ToIntFunction<ModelConfig> outFeatures,
            ToIntFunction<ModelConfig> inFeatures) {
        this.module = module;
        this.inputSite = inputSite;
        this.outFeatures = outFeatures;
        this.inFeatures = inFeatures;
    }

    /** Its name in a checkpoint: {@code model.layers.11.mlp.down_proj.weight}. */
    public String weightName(int layer) {
        return "model.layers." + layer + "." + module + ".weight";
    }

    /** The name of its bias, where a model has one: {@code model.layers.11.self_attn.q_proj.bias}, {@code [out]}. */
    String biasName(int layer) {
        return "model.layers." + layer + "." + module + ".bias";
    }

    /** The name of what its heads are normed with, where they are: {@code model.layers.11.self_attn.q_norm.weight}. */
    String headNormName(int layer) {
        return "model.layers." + layer + "." + module.replace("_proj", "_norm") + ".weight";
    }

    /** Where the activations are seen that it is multiplied by, as the layer makes them: {@code [T, in]}. */
    public Site inputSite() {
        return inputSite;
    }

    /** Rows of the matrix. */
    public int outFeatures(ModelConfig config) {
        return outFeatures.applyAsInt(config);
    }

    /** Columns of the matrix. */
    public int inFeatures(ModelConfig config) {
        return inFeatures.applyAsInt(config);
    }

    private static int queryWidth(ModelConfig config) {
        return config.numAttentionHeads() * config.headDim();
    }

    private static int keyWidth(ModelConfig config) {
        return config.numKeyValueHeads() * config.headDim();
    }
}
