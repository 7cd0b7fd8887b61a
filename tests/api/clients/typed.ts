// With the types of openapi-typescript and openapi-fetch.
import createClient from "openapi-fetch";
import type { paths } from "./schema";

declare const process: { env: Record<string, string> };

const client = createClient<paths>({
  baseUrl: process.env.PORTAL,
  headers: { Authorization: `Bearer ${process.env.TOKEN}`, Accept: "application/json" },
});

async function main(): Promise<void> {
  const page = await client.GET("/api/v1/runbooks/", { params: { query: { limit: 10 } } });
  const slug = page.data?.results[0]?.slug ?? "";
  const read = await client.GET("/api/v1/runbooks/{slug}/", { params: { path: { slug } } });
  if (read.data === undefined || typeof read.data === "string") throw new Error("no runbook");
  const drafted = await client.POST("/api/v1/runbooks/{slug}/versions/", {
    params: { path: { slug }, header: { "If-Match": read.data.etag ?? "" } },
    body: { text: `${read.data.text}\n3. Tell the team.\n`, note: "Tell them" },
  });
  const nowhere = { params: { path: { slug: "nowhere" } } };
  const missing = await client.GET("/api/v1/runbooks/{slug}/", nowhere);
  const problem = missing.error;
  console.log(
    JSON.stringify({
      read: slug,
      number: drafted.data?.number,
      state: drafted.data?.state,
      problem: [problem?.status, problem?.instance],
    }),
  );
}

void main();
