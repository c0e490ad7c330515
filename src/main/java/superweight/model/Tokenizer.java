package superweight.model;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import superweight.InvalidInputException;
import superweight.checkpoint.TokenizerSource;

/** Turns text into token ids and back, as the model's reference tokenizer does. */
public final class Tokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;
    private final TokenizerSource source;

    Tokenizer(TokenizerSource source) {
        this.source = source;
        byte[] json = source.json().getBytes(StandardCharsets.UTF_8);
        // Left to itself the library cuts every text off at 512 tokens.
        Map<String, String> options =
                Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");
        try {
            tokenizer = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
        } catch (IOException e) {
            throw new UncheckedIOException("The tokenizer could not be started.", e);
        } catch (EngineException | LinkageError e) {
            throw NativeLibrary.unusable("tokenizer", e);
        } catch (RuntimeException e) {
            throw new InvalidInputException(
                    "The checkpoint's tokenizer cannot be used: the tokenizers library finds \""
                            + e.getMessage() + "\".", e);
        }
    }

    /** The ids of a text, without any special token of the tokenizer's own. */
    public int[] encode(String text) {
        return ids(tokenizer.encode(text, false, false).getIds());
    }

    /** The ids of a text, begun as a {@link Bos} asks for. */
    public int[] encode(String text, Bos bos) {
        int[] ids = encode(text);
        if (!bos.wanted(source.addBos())) {
            return ids;
        }
        int first = source.bosId().orElseThrow(() -> new InvalidInputException(
                "This model's tokenizer has no token that begins a sequence, so none can be added."));
        return IntStream.concat(IntStream.of(first), Arrays.stream(ids)).toArray();
    }

    /** The text of some ids, special tokens included. */
    public String decode(int... ids) {
        return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), false);
    }

    /** The token that ends a text, where the model has one. */
    public OptionalInt eosId() {
        return source.eosId();
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private static int[] ids(long[] ids) {
        return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }

    /** Whether a text begins with the token that begins a sequence. */
    public enum Bos {
        /** As the model's reference tokenizer does. */
        AUTO,
        YES,
        NO;

        private boolean wanted(boolean reference) {
            return this == YES || this == AUTO && reference;
        }
    }
}
