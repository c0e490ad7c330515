package superweight.checkpoint;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * One weight of a model of the Llama family as GGUF and Hugging Face call it.
 *
 * @param ggufName its name in the file
 * @param name its name in Hugging Face transformers
 * @param shape {@code [out, in]} of a projection, {@code [width]} of a norm, {@code [out]} of a bias
 * @param rotaryHeads heads whose rows GGUF keeps in an order of its own; 0 for a weight stored plainly
 */
record LlamaWeight(String ggufName, String name, Shape shape, int rotaryHeads) {
    /** The output projection; a model without it uses its embedding. */
    static final String LM_HEAD = "lm_head.weight";

    /** Where GGUF keeps its rows. */
    RowOrder ggufOrder() {
        return rotaryHeads == 0 ? RowOrder.AS_STORED : RowOrder.interleavedHalves(shape.rows() / rotaryHeads);
    }

    /**
     * A row of the naming table; {@code %d} is the layer.
     *
     * @param families those whose models have it
     */
    private record Row(
            String ggufName,
            String name,
            Function<ModelConfig, Shape> shape,
            ToIntFunction<ModelConfig> rotaryHeads,
            Set<Family> families) {

        Row(String ggufName, String name, Function<ModelConfig, Shape> shape) {
            this(ggufName, name, shape, config -> 0);
        }

        Row(String ggufName, String name, Function<ModelConfig, Shape> shape, ToIntFunction<ModelConfig> rotaryHeads) {
            this(ggufName, name, shape, rotaryHeads, EnumSet.allOf(Family.class));
        }

        /** The same row for one family alone. */
        Row only(Family family) {
            return new Row(ggufName, name, shape, rotaryHeads, EnumSet.of(family));
        }

        private static String at(int layer, String name) {
            return name.replace("%d", Integer.toString(layer)); // formatting would use the user's own digits
        }

        LlamaWeight of(ModelConfig config, int layer) {
            return new LlamaWeight(at(layer, ggufName), at(layer, name), shape.apply(config),
                    config.family().interleavedInGguf() ? rotaryHeads.applyAsInt(config) : 0);
        }
    }

    private static final Row EMBEDDING = new Row("token_embd.weight", "model.embed_tokens.weight",
            c -> Shape.of(c.vocabSize(), c.hiddenSize()));

    private static final List<Row> LAYER = List.of(
            new Row("blk.%d.attn_norm.weight", "model.layers.%d.input_layernorm.weight",
                    c -> Shape.of(c.hiddenSize())),
            new Row("blk.%d.attn_q.weight", "model.layers.%d.self_attn.q_proj.weight",
                    c -> Shape.of(queryWidth(c), c.hiddenSize()), ModelConfig::numAttentionHeads),
            new Row("blk.%d.attn_q.bias", "model.layers.%d.self_attn.q_proj.bias",
                    c -> Shape.of(queryWidth(c))).only(Family.QWEN2),
            new Row("blk.%d.attn_q_norm.weight", "model.layers.%d.self_attn.q_norm.weight",
                    c -> Shape.of(c.headDim())).only(Family.QWEN3),
            new Row("blk.%d.attn_k.weight", "model.layers.%d.self_attn.k_proj.weight",
                    c -> Shape.of(keyWidth(c), c.hiddenSize()), ModelConfig::numKeyValueHeads),
            new Row("blk.%d.attn_k.bias", "model.layers.%d.self_attn.k_proj.bias",
                    c -> Shape.of(keyWidth(c))).only(Family.QWEN2),
            new Row("blk.%d.attn_k_norm.weight", "model.layers.%d.self_attn.k_norm.weight",
                    c -> Shape.of(c.headDim())).only(Family.QWEN3),
            new Row("blk.%d.attn_v.weight", "model.layers.%d.self_attn.v_proj.weight",
                    c -> Shape.of(keyWidth(c), c.hiddenSize())),
            new Row("blk.%d.attn_v.bias", "model.layers.%d.self_attn.v_proj.bias",
                    c -> Shape.of(keyWidth(c))).only(Family.QWEN2),
            new Row("blk.%d.attn_output.weight", "model.layers.%d.self_attn.o_proj.weight",
                    c -> Shape.of(c.hiddenSize(), queryWidth(c))),
            new Row("blk.%d.ffn_norm.weight", "model.layers.%d.post_attention_layernorm.weight",
                    c -> Shape.of(c.hiddenSize())),
            new Row("blk.%d.ffn_gate.weight", "model.layers.%d.mlp.gate_proj.weight",
                    c -> Shape.of(c.intermediateSize(), c.hiddenSize())),
            new Row("blk.%d.ffn_up.weight", "model.layers.%d.mlp.up_proj.weight",
                    c -> Shape.of(c.intermediateSize(), c.hiddenSize())),
            new Row("blk.%d.ffn_down.weight", "model.layers.%d.mlp.down_proj.weight",
                    c -> Shape.of(c.hiddenSize(), c.intermediateSize())));

    private static final Row NORM = new Row("output_norm.weight", "model.norm.weight",
            c -> Shape.of(c.hiddenSize()));

    private static final Row OUTPUT = new Row(GgufConfig.OUTPUT, LM_HEAD,
            c -> Shape.of(c.vocabSize(), c.hiddenSize()));

    /** Every weight the model needs, in the order in which a forward pass meets them. */
    static List<LlamaWeight> of(ModelConfig config) {
        List<LlamaWeight> weights = new ArrayList<>();
        weights.add(EMBEDDING.of(config, 0));
        for (int layer = 0; layer < config.numHiddenLayers(); layer++) {
            for (Row row : LAYER) {
                if (row.families().contains(config.family())) {
                    weights.add(row.of(config, layer));
                }
            }
        }
        weights.add(NORM.of(config, 0));
        if (!config.tieWordEmbeddings()) {
            weights.add(OUTPUT.of(config, 0));
        }
        return weights;
    }

    private static long queryWidth(ModelConfig config) {
        return (long) config.numAttentionHeads() * config.headDim();
    }

    private static long keyWidth(ModelConfig config) {
        return (long) config.numKeyValueHeads() * config.headDim();
    }
}
