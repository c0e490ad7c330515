package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static superweight.cli.Refused.assertRefused;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.checkpoint.RandomLlama;
import superweight.find.Planted;
import superweight.model.Coordinate;

/** What the commands do not take: one sentence, no result, and an exit code that says whose fault it is. */
class RefusalTest {
    @TempDir
    private static Path folder;

    @BeforeAll
    static void writeFiles() throws IOException {
        RandomLlama.small().writeTo(folder.resolve("tiny.gguf"));
        RandomLlama.small().scaled("model.layers.0.mlp.down_proj.weight", 2 * 40 + 3, 1000)
                .writeTo(folder.resolve("large.gguf"));
        Path golden = Path.of(System.getProperty("superweight.home"), "src/test/resources/golden/llama/llama3-f16");
        Files.createDirectory(folder.resolve("hf"));
        Files.copy(golden.resolve("model.safetensors"), folder.resolve("hf/model.safetensors"));
        RandomLlama.small().withoutBos().writeTo(folder.resolve("no-bos.gguf"));
        Files.writeString(folder.resolve("text.txt"), "the man and the land ".repeat(4));
        Files.write(folder.resolve("latin1.txt"), "caf\u00e9 and more".getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(folder.resolve("empty.txt"), "");
        Files.writeString(folder.resolve("prose.gguf"), "This is no model at all.");
        byte[] whole = Files.readAllBytes(folder.resolve("tiny.gguf"));
        Files.write(folder.resolve("short.gguf"), Arrays.copyOf(whole, whole.length / 2));
        Files.createDirectory(folder.resolve("data"));
        writeTasks(Files.createDirectory(folder.resolve("tasks")));
    }

    private static void writeTasks(Path tasks) throws IOException {
        Files.writeString(
                tasks.resolve("piqa.jsonl"),
                "{\"query\": \"the man\", \"choices\": [\"ran\", \"and\"], \"gold\": 0}\n".repeat(2));
        String winogrande = "{\"context_options\": [\"a\", \"an\"], \"continuation\": \"then\", \"gold\": %d}\n";
        Files.writeString(tasks.resolve("winogrande.jsonl"), winogrande.formatted(1) + winogrande.formatted(2));
        Files.writeString(tasks.resolve("lambada_openai.jsonl"), "");
        Files.writeString(tasks.resolve("hellaswag.jsonl"), "");
        Files.writeString(tasks.resolve("hellaswag_val.jsonl"), "");
    }

    @ParameterizedTest
    @MethodSource({"commandLines", "tasks", "numbers", "scales", "layers", "models"})
    void refusesInOneSentenceWithExitCode2(Refused refused) {
        assertRefused(refused.says(), 2, Console.run(words(refused.line())));
    }

    static Stream<Refused> commandLines() {
        return Stream.of(
                new Refused("perplexitty", "'perplexitty'"),
                new Refused("--no-such-option", "'--no-such-option'"),
                new Refused("next --prompt a --no-such-option", "'--no-such-option'"),
                new Refused("next --prompt a surplus", "'surplus'"),
                new Refused("next --promt a", "'--promt', 'a' (is '--prompt' meant?)"),
                new Refused("quantize --bits 4 --blocks 128 --output x", "'--blocks', '128' (is '--block' meant?)"),
                new Refused("next", "'--prompt=P'"),
                new Refused("generate", "'--prompt=P'"),
                new Refused("next --prompt", "'--prompt'"),
                new Refused("next --model TINY --prompt ''", "The prompt is empty"),
                new Refused("generate --model TINY --prompt ''", "The prompt is empty"),
                new Refused("next --prompt a --prompt b", "'--prompt'"),
                new Refused("find --model TINY --prompt ''", "The prompt is empty"),
                new Refused("find --model TINY --prompt a --prompt ''", "The prompt is empty"),
                new Refused("find --model TINY --prompt", "'--prompt'"),
                new Refused("find --model TINY --bos maybe", "expected one of auto, yes, no, but it is 'maybe'"),
                new Refused("find --model FOLDER/no-bos.gguf --bos yes", "no token that begins a sequence"),
                new Refused("find --model TINY --scale 0:0:0=0", "'--scale'"),
                new Refused("find --model TINY --threads 0", "--threads must be at least 1"),
                new Refused("next --model TINY --prompt a --bos maybe", "expected one of auto, yes, no, but"),
                new Refused("next --model FOLDER/no-bos.gguf --prompt a --bos yes", "no token that begins a sequence"),
                new Refused("generate --model FOLDER/no-bos.gguf --prompt a --bos yes", "no token that begins"),
                new Refused("verdicts --format yaml", "expected one of text, markdown, csv, but it is 'yaml'"),
                new Refused("verdicts --update FOLDER/none.md", "none.md"));
    }

    static Stream<Refused> tasks() {
        String score = "score --model TINY --data FOLDER/tasks --task ";
        return Stream.of(
                new Refused("score --model TINY --data FOLDER/tasks", "'--task=T'"),
                new Refused(
                        score + "mmlu",
                        "lambada_openai, arc_easy, arc_challenge, piqa, winogrande, hellaswag, sciq, but it is 'mmlu'"),
                new Refused(score + "piqa --bos maybe", "'maybe'"),
                new Refused(
                        "score --model FOLDER/no-bos.gguf --data FOLDER/tasks --task piqa --bos yes",
                        "no token that begins a sequence"),
                new Refused("score --model TINY --data FOLDER/none --task piqa", "holds no file piqa.jsonl"),
                new Refused(score + "arc_easy", "holds no file arc_easy.jsonl"),
                new Refused(score + "hellaswag", "must hold one file hellaswag*.jsonl"),
                new Refused(
                        score + "winogrande",
                        "winogrande.jsonl, line 2: expected a whole number from 0 to 1 in the field gold, found 2."),
                new Refused(score + "lambada_openai", "lambada_openai.jsonl is empty"),
                new Refused(score + "piqa --limit 0", "--limit must be from 1 to 2, the number of items of piqa"),
                new Refused(score + "piqa --limit -1", "but it is -1"),
                new Refused(score + "piqa --limit 3", "--limit must be from 1 to 2"),
                new Refused(score + "piqa --limit many", "'many'"));
    }

    static Stream<Refused> numbers() {
        return Stream.of(
                new Refused(
                        "perplexity --model TINY --text TEXT --window 8 --threads 0", "--threads must be at least 1"),
                new Refused("next --model TINY --prompt a --threads -2", "--threads must be at least 1"),
                new Refused("next --model TINY --prompt a --top 0", "--top must be at least 1"),
                new Refused("next --model TINY --prompt a --top 1.5", "'1.5'"),
                new Refused("next --model TINY --prompt a --top 99999999999", "'99999999999'"),
                new Refused("generate --model TINY --prompt a --tokens 0", "--tokens must be at least 1"),
                new Refused("generate --model TINY --prompt a --tokens -3", "--tokens must be at least 1"));
    }

    static Stream<Refused> scales() {
        return Stream.of(
                        new Refused("1:2", "'1:2'"),
                        new Refused("1:2:3", "layer:row:column=factor"),
                        new Refused("1:2=0", "'1:2'"),
                        new Refused("a:b:c=0", "'a:b:c'"),
                        new Refused("-1:2:3=0", "'-1:2:3'"),
                        new Refused("1:2:3=", "is not a number"),
                        new Refused("1:2:3=x", "is not a number"),
                        new Refused("1:2:3=nan", "is not a number"),
                        new Refused("1:2:3=inf", "is not a number"),
                        new Refused("1:2:3=NaN", "must be a finite number"),
                        new Refused("1:2:3=-Infinity", "must be a finite number"),
                        new Refused("1:2:3=1e39", "must be a finite number"),
                        new Refused("1:2:3=0=0", "is not a number"),
                        new Refused("3:2:3=0", "There is no layer 3"),
                        new Refused("1:24:3=0", "There is no row (output channel) 24"),
                        new Refused("1:2:40=0", "There is no column (input channel) 40"),
                        new Refused("1:2:3=0 --scale 1:2:3=2",
                                "--scale must name each weight once, but it names layer 1 [2, 3] twice."),
                        new Refused("1:2:3=0 --scale 9:9:9=0", "There is no layer 9"))
                .flatMap(scale -> Stream.of(
                                "perplexity --model TINY --text TEXT --window 8",
                                "score --model TINY --data FOLDER/tasks --task piqa",
                                "next --model TINY --prompt a",
                                "generate --model TINY --prompt a")
                        .map(command -> new Refused(command + " --scale " + scale.line(), scale.says())));
    }

    static Stream<Refused> layers() {
        return Stream.of(
                        new Refused("3", "There is no layer 3: this model's run from 0 to 2"),
                        new Refused("1..", "'1..' are not of the form first..last"),
                        new Refused("1234567890", "'1234567890' are not of the form first..last"),
                        new Refused("''", "'' are not of the form first..last"),
                        new Refused("1-2", "'1-2' are not of the form first..last"),
                        new Refused("-1..2", "'-1..2' are not of the form first..last"),
                        new Refused("2..1", "2..1 must run from a first to a last that is not before it"),
                        new Refused("0..3", "There is no layer 3: this model's run from 0 to 2"),
                        new Refused("1..2 --layers 0..1", "'--layers'"))
                .map(layers -> new Refused("find --model TINY --layers " + layers.line(), layers.says()));
    }

    static Stream<Refused> models() {
        return Stream.of(
                        new Refused("FOLDER/none.gguf", "There is no model file or folder at"),
                        new Refused("smollm2-136m", "There is no model file or folder at smollm2-136m"),
                        new Refused("nobody/no-such-model", "hf download nobody/no-such-model fetches it."),
                        new Refused("FOLDER", "a folder without model.safetensors"),
                        new Refused("FOLDER/hf", "hf has no config.json"),
                        new Refused("FOLDER/hf/model.safetensors", "give the folder that it lies in"),
                        new Refused("FOLDER/empty.txt", "an empty file"),
                        new Refused("FOLDER/prose.gguf", "the letters GGUF"),
                        new Refused("FOLDER/short.gguf", "short.gguf"))
                .flatMap(model -> Stream.of(
                                "perplexity --text TEXT --window 8",
                                "score --data FOLDER/tasks --task piqa",
                                "next --prompt a",
                                "generate --prompt a",
                                "sweep --at 0:0:0 --factors 0 --text TEXT --window 8",
                                "find",
                                "describe")
                        .map(command -> new Refused(command + " --model " + model.line(), model.says())));
    }

    /** A factor so large that the weight itself, which is large in this model, is infinite. */
    @ParameterizedTest
    @ValueSource(strings = {
        "perplexity --text TEXT --window 8",
        "score --data FOLDER/tasks --task piqa",
        "next --prompt the",
        "generate --prompt the"
    })
    void aRunThatLeavesFloat32FailsWithExitCode1(String command) {
        for (String format : List.of("", " --json")) {
            String line = command + " --model FOLDER/large.gguf --scale 0:2:3=3e38" + format;
            assertRefused("leave the range of float32", 1, Console.run(words(line)));
        }
    }

    @Test
    void aModelThatIsNotFiniteHasNoSuperWeights() {
        Coordinate at = new Coordinate(1, 2, 3);
        String model = Planted.set(RandomLlama.small(), at, Double.NaN).writeTo(folder.resolve("nan.gguf")).toString();
        assertRefused("layer 1 are not all finite", 1, Console.run("find", "--model", model));
        assertRefused("layer 1 are not all finite", 1, Console.run("find", "--model", model, "--json"));
        // Whatever is to be listed, all early layers are run.
        assertRefused("layer 1 are not all finite", 1, Console.run("find", "--model", model, "--layers", "0..0"));
    }

    @Test
    void aSuperWeightOfTheEmbeddedModelScaledOutOfFloat32Fails() {
        String line = "next --prompt My --scale 11:507:1229=1e38";
        assertRefused("leave the range of float32", 1, Console.run(words(line)));
    }

    /** Only another process can have another environment; it shows too that the exit code gets out. */
    @Test
    void wikiText2ComesFromTheFolderThatTheEnvironmentNames() throws IOException, InterruptedException {
        String line = "perplexity --model TINY --dataset wikitext2 --window 8 --json";
        assertRefused("holds wiki.test.raw with --data or SUPERWEIGHT_DATA", 2, inProcess("2g", "", line));
        assertRefused("holds no file wiki.test.raw", 2, inProcess("2g", folder.resolve("data").toString(), line));
        Path data = Files.createDirectory(folder.resolve("wikitext"));
        Files.writeString(data.resolve("wiki.test.raw"), " \n = man and land = \n \n the man and the hand \n");
        assertRefused("is not the raw test split of WikiText-2", 2, inProcess("2g", data.toString(), line));
        String other = line + " --data FOLDER/data";
        assertRefused("data holds no file wiki.test.raw", 2, inProcess("2g", data.toString(), other));
    }

    @Test
    void tasksComeFromTheFolderThatTheEnvironmentNames() throws IOException, InterruptedException {
        String line = "score --model TINY --task arc_easy --json";
        assertRefused("holds arc_easy.jsonl with --data or SUPERWEIGHT_DATA", 2, inProcess("2g", "", line));
        String data = folder.resolve("tasks").toString();
        assertRefused("tasks holds no file arc_easy.jsonl", 2, inProcess("2g", data, line));
        Console console = inProcess("2g", data, line.replace("arc_easy", "piqa"));
        assertEquals(0, console.exitCode(), console::err);
        assertEquals(2, console.json().get("items").getAsInt());
    }

    @Test
    void aModelThatDoesNotFitIntoMemoryFailsWithExitCode1() throws IOException, InterruptedException {
        assertRefused("MiB of memory that Java may use", 1, inProcess("16m", "", "next --prompt a"));
    }

    private static Console inProcess(String memory, String data, String line)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + memory,
                "-Dsuperweight.home=" + System.getProperty("superweight.home"),
                "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(words(line)));
        Path out = folder.resolve("stdout");
        Path err = folder.resolve("stderr");
        ProcessBuilder process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        process.environment().put("SUPERWEIGHT_DATA", data);
        int exitCode = process.start().waitFor();
        return new Console(exitCode, Files.readString(out), Files.readString(err));
    }

    private static String[] words(String line) {
        return Refused.words(line, folder);
    }
}
