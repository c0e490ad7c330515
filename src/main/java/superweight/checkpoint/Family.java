package superweight.checkpoint;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A family of models that share Llama's forward pass: how their files tell them apart, and what is meant where a file
 * is silent. The weights that some have beside Llama's stand in {@link LlamaWeight}.
 */
public enum Family {
    LLAMA("llama", List.of("LlamaForCausalLM", "LLaMAForCausalLM"), true,
            OptionalInt.empty(), OptionalInt.empty(), 2048, OptionalInt.empty(), false, Set.of()),

    MISTRAL("mistral", List.of("MistralForCausalLM"), true,
            OptionalInt.of(8), OptionalInt.empty(), 131_072, OptionalInt.of(4096), false, Set.of()),

    /** Adds a bias to what q_proj, k_proj and v_proj give; Qwen2.5 is of this family, too. */
    QWEN2("qwen2", List.of("Qwen2ForCausalLM"), false,
            OptionalInt.of(32), OptionalInt.empty(), 32_768, OptionalInt.empty(), true, Set.of("attention_bias")),

    /** Each head's queries and keys pass through an RMSNorm before they turn. */
    QWEN3("qwen3", List.of("Qwen3ForCausalLM"), false,
            OptionalInt.of(32), OptionalInt.of(128), 32_768, OptionalInt.empty(), true, Set.of());

    private final String modelType;
    private final List<String> architectures;
    private final boolean interleavedInGguf;
    private final OptionalInt keyValueHeads;
    private final OptionalInt headDim;
    private final int maxPositionEmbeddings;
    private final OptionalInt slidingWindow;
    private final boolean windowOnRequest;
    private final Set<String> ignored;

    Family(
            String modelType,
            List<String> architectures,
            boolean interleavedInGguf,
            OptionalInt keyValueHeads,
            OptionalInt headDim,
            int maxPositionEmbeddings,
            OptionalInt slidingWindow,
            boolean windowOnRequest,
            Set<String> ignored) {
        this.modelType = modelType;
        this.architectures = architectures;
        this.interleavedInGguf = interleavedInGguf;
        this.keyValueHeads = keyValueHeads;
        this.headDim = headDim;
        this.maxPositionEmbeddings = maxPositionEmbeddings;
        this.slidingWindow = slidingWindow;
        this.windowOnRequest = windowOnRequest;
        this.ignored = ignored;
    }

    /** The family of a name in {@code model_type}. */
    static Optional<Family> named(String modelType) {
        return Arrays.stream(values()).filter(family -> family.modelType.equals(modelType)).findFirst();
    }

    /** Its name in {@code model_type}, and in GGUF as the architecture. */
    @Override
    public String toString() {
        return modelType;
    }

    /** Its names in {@code architectures}; the first is the one that transformers writes. */
    List<String> architectures() {
        return architectures;
    }

    /** Whether GGUF's query and key rows take turns, head by head: see {@link RowOrder#interleavedHalves}. */
    boolean interleavedInGguf() {
        return interleavedInGguf;
    }

    /** Key and value heads of a config that does not mention them; as many as query heads where empty. */
    OptionalInt keyValueHeads() {
        return keyValueHeads;
    }

    /** The width of a head of a config that does not mention it; the hidden size shared out where empty. */
    OptionalInt headDim() {
        return headDim;
    }

    /** The longest sequence of a config that does not mention it. */
    int maxPositionEmbeddings() {
        return maxPositionEmbeddings;
    }

    /** The sliding window of a config that does not mention it; none where empty. */
    OptionalInt slidingWindow() {
        return slidingWindow;
    }

    /** Whether a sliding window that a config mentions is used only where {@code use_sliding_window} says so. */
    boolean windowOnRequest() {
        return windowOnRequest;
    }

    /** Whether its config has no such field, though those of other families do: it says nothing there. */
    boolean ignores(String field) {
        return ignored.contains(field);
    }
}
