import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;

/** Starts Solr on 127.0.0.1 in this process: {@code java -cp classes:lib/* Launcher HOME PORT}. */
public class Launcher {
  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]).toAbsolutePath();
    Path logs = Files.createDirectories(home.resolve("logs"));
    System.setProperty("solr.install.dir", home.toString());
    System.setProperty("solr.log.dir", logs.toString());
    int port = Integer.parseInt(arguments[1]);
    JettyConfig config = JettyConfig.builder().setPort(port).stopAtShutdown(true).build();
    JettySolrRunner server = new JettySolrRunner(home.toString(), config);
    server.start();
    System.out.println(
        "Solr, port " + server.getLocalPort() + ", " + server.getCoreContainer().getAllCoreNames());
    Thread.currentThread().join();
  }
}
