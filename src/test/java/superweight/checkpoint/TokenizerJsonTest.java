package superweight.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.InvalidInputException;

class TokenizerJsonTest {
    private static final String POST = "post_processor";
    private static final String GENERATION = "generation_config.json";
    /** The ids that the tiny tokenizer gives its special tokens. */
    private static final int BEGIN = 262;
    private static final int END = 263;

    @TempDir
    private Path folder;

    @Test
    void aTextBeginsWithTheTokenThatThePostProcessorPutsThere() {
        TokenizerSource source = open(post(template("<|end|>", END)));
        assertTrue(source.addBos());
        assertEquals(OptionalInt.of(END), source.bosId());
    }

    @Test
    void thePostProcessorMayBeASequence() {
        String sequence = "{\"type\":\"Sequence\",\"processors\":[{\"type\":\"ByteLevel\"},"
                + template("<|begin|>", BEGIN) + "]}";
        assertEquals(OptionalInt.of(BEGIN), open(post(sequence)).bosId());
        assertTrue(open(post(sequence)).addBos());
    }

    @Test
    void withoutOneItBeginsWithNothingButTheTokenIsKnownByName() {
        for (String none : List.of("null", "{\"type\":\"ByteLevel\"}")) {
            TokenizerSource source = open(post(none));
            assertFalse(source.addBos());
            assertEquals(OptionalInt.of(BEGIN), source.bosId());
            assertEquals(OptionalInt.of(END), source.eosId());
        }
    }

    @Test
    void idsOfTheGenerationConfigAndThenOfTheConfigStandInForNames() {
        TinyFolder nameless = new TinyFolder().without(TinyFolder.TOKENIZER_CONFIG);
        assertEquals(OptionalInt.of(2), open(nameless).eosId());
        assertEquals(OptionalInt.of(7), open(nameless.set(GENERATION, "eos_token_id", "[7,8]")).eosId());
        assertEquals(OptionalInt.of(9), open(nameless.set(GENERATION, "eos_token_id", "9")).eosId());
        assertEquals(OptionalInt.empty(), open(nameless.without(GENERATION).config("bos_token_id", "null")).bosId());
    }

    @Test
    void saysWhereTheFilesDisagreeAboutTheFirstToken() {
        TinyFolder folder = new TinyFolder().set(TinyFolder.TOKENIZER_CONFIG, "add_bos_token", "true");
        Checkpoint checkpoint = Checkpoints.open(folder.writeTo(this.folder));
        assertFalse(checkpoint.tokenizer().addBos());
        assertTrue(checkpoint.warnings().get(0).contains("disagree"), checkpoint.warnings().toString());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void refusesInOneSentence(String name, TinyFolder tiny, List<String> words) {
        Path path = tiny.writeTo(folder);
        String message = assertThrows(InvalidInputException.class, () -> Checkpoints.open(path)).getMessage();
        assertTrue(message.contains(path.toString()) && message.endsWith(".") && message.length() < 500, message);
        words.forEach(word -> assertTrue(message.contains(word), () -> message + " lacks: " + word));
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                refused("no tokenizer", new TinyFolder().without(TinyFolder.TOKENIZER), "has no tokenizer.json",
                        "save_pretrained"),
                refused("cut off", new TinyFolder().file(TinyFolder.TOKENIZER, "{\"model\":{"), "JSON", "malformed"),
                refused("no vocabulary", new TinyFolder().file(TinyFolder.TOKENIZER, "{}"), "the vocabulary", "empty"),
                refused("another kind",
                        new TinyFolder().file(TinyFolder.TOKENIZER, "{\"model\":{\"type\":\"Unigram\"}}"),
                        "the type of model", "BPE", "Unigram"),
                refused("token id as string", new TinyFolder().file(TinyFolder.TOKENIZER,
                        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":\"0\"}}}"), "the id of a token", "whole number"),
                refused("token twice", new TinyFolder().file(TinyFolder.TOKENIZER,
                        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"a\":1}}}"), "\"a\"", "twice"),
                refused("more tokens than rows", new TinyFolder().file(TinyFolder.TOKENIZER,
                        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":264}}}"), "largest token id", "less than 264"),
                refused("added token beyond the rows", new TinyFolder().file(TinyFolder.TOKENIZER,
                        "{\"added_tokens\":[{\"id\":99999999999,\"content\":\"x\"}]}"),
                        "added_tokens.id", "99999999999"),
                refused("merges nested deeply", new TinyFolder().file(TinyFolder.TOKENIZER,
                        "{\"model\":{\"merges\":" + "[".repeat(1_000_000)), "merges", "nested at most 64"),
                // The tokenizers library ends the whole JVM where it meets one in a decoder.
                refused("control character in what is passed over", new TinyFolder().file(TinyFolder.TOKENIZER,
                        "{\"decoder\":{\"type\":\"Strip\",\"content\":\"\u0001\"}}"), "JSON", "malformed"),
                refused("a token after the text", post("{\"type\":\"TemplateProcessing\",\"single\":["
                                + "{\"Sequence\":{\"id\":\"A\"}},{\"SpecialToken\":{\"id\":\"<|end|>\"}}]}"),
                        "post_processor.single", "ends with the text"),
                // The tokenizers library ends the whole JVM where a template for one text names a second.
                refused("a template for a second text", post(template("<|end|>", END).replace("\"A\"", "\"B\"")),
                        "post_processor.single", "ends with the text, $A"),
                refused("a template with the text twice", post(template("<|end|>", END).replace(
                                "{\"Sequence\"", "{\"Sequence\":{\"id\":\"A\"}},{\"Sequence\"")),
                        "post_processor.single.SpecialToken", "missing"),
                refused("an empty template", post("{\"type\":\"TemplateProcessing\",\"single\":[]}"),
                        "post_processor.single", "ends with the text"),
                refused("two tokens before the text", post(template("<|end|>", END + ",1")), "post_processor",
                        "at most one token"),
                refused("an unknown token before the text", post(template("<|end|>", END).replace("\"ids\"", "\"x\"")),
                        "special_tokens.<|end|>.ids", "missing"),
                refused("another post-processor", post("{\"type\":\"BertProcessing\"}"), "post_processor.type",
                        "TemplateProcessing", "BertProcessing"),
                refused("post-processor a list", post("[]"), "post_processor", "an object"),
                refused("name of no token", new TinyFolder().set(TinyFolder.TOKENIZER_CONFIG, "eos_token", "\"<eos>\""),
                        "tokenizer_config.json", "eos_token", "a token of tokenizer.json", "<eos>"),
                refused("name that is a number", new TinyFolder().set(TinyFolder.TOKENIZER_CONFIG, "bos_token", "1"),
                        "bos_token", "a string"),
                refused("id beyond the rows", new TinyFolder().without(TinyFolder.TOKENIZER_CONFIG)
                        .set(GENERATION, "eos_token_id", "264"), "generation_config.json", "eos_token_id", "263"));
    }

    private TokenizerSource open(TinyFolder tiny) {
        for (String optional : List.of(GENERATION, TinyFolder.TOKENIZER_CONFIG)) {
            folder.resolve(optional).toFile().delete();
        }
        return Checkpoints.open(tiny.writeTo(folder)).tokenizer();
    }

    private static TinyFolder post(String json) {
        return new TinyFolder().set(TinyFolder.TOKENIZER, POST, json);
    }

    /** {@code token $A} as the tokenizers library writes it. */
    private static String template(String token, Object ids) {
        return "{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":\"" + token
                + "\",\"type_id\":0}},{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}],\"special_tokens\":{\""
                + token + "\":{\"id\":\"" + token + "\",\"ids\":[" + ids + "],\"tokens\":[\"" + token + "\"]}}}";
    }

    private static Arguments refused(String name, TinyFolder folder, String... words) {
        return arguments(name, folder, List.of(words));
    }
}
