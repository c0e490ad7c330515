package superweight.model;

import java.util.function.ToIntFunction;
import superweight.checkpoint.ModelConfig;

/** The seven weight matrices of a decoder layer, by Hugging Face's names; each is {@code [out, in]}. */
public enum LinearLayer {
    Q_PROJ("self_attn.q_proj", LinearLayer::queryWidth, ModelConfig::hiddenSize),
    K_PROJ("self_attn.k_proj", LinearLayer::keyWidth, ModelConfig::hiddenSize),
    V_PROJ("self_attn.v_proj", LinearLayer::keyWidth, ModelConfig::hiddenSize),
    O_PROJ("self_attn.o_proj", ModelConfig::hiddenSize, LinearLayer::queryWidth),
    GATE_PROJ("mlp.gate_proj", ModelConfig::intermediateSize, ModelConfig::hiddenSize),
    UP_PROJ("mlp.up_proj", ModelConfig::intermediateSize, ModelConfig::hiddenSize),
    DOWN_PROJ("mlp.down_proj", ModelConfig::hiddenSize, ModelConfig::intermediateSize);

    private final String module;
    private final ToIntFunction<ModelConfig> outFeatures;
    private final ToIntFunction<ModelConfig> inFeatures;

    LinearLayer(
            String module,
            ToIntFunction<ModelConfig> outFeatures,
            ToIntFunction<ModelConfig> inFeatures) {
        this.module = module;
        this.outFeatures = outFeatures;
        this.inFeatures = inFeatures;
    }

    /** Its name in a checkpoint: {@code model.layers.11.mlp.down_proj.weight}. */
    public String weightName(int layer) {
        return "model.layers." + layer + "." + module + ".weight";
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
