package com.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A service that greets: nothing but the JDK. */
public final class Server {
  private Server() {}

  public static void main(String[] args) throws IOException {
    if (args.length == 1) {
      System.out.println(new Greeting(args[0]).text());
      return;
    }
    int port = Integer.parseInt(System.getenv("PORT"));
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.createContext("/", exchange -> {
      byte[] body = (new Greeting(exchange.getRequestURI().getPath().substring(1)).text() + "\n").getBytes(UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
    System.out.println("listening on port " + port);
  }
}
