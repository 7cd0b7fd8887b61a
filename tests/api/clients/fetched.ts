// With the client of OpenAPI Generator's typescript-fetch.
import { Configuration, ProblemFromJSON, ResponseError, RunbooksApi } from "./generated";

declare const process: { env: Record<string, string> };

const api = new RunbooksApi(
  new Configuration({ basePath: process.env.PORTAL, accessToken: process.env.TOKEN }),
);

async function problemOf(request: Promise<unknown>): Promise<[number, string] | undefined> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    const problem = ProblemFromJSON(await error.response.json());
    return [problem.status, problem.instance];
  }
  return undefined;
}

async function main(): Promise<void> {
  const page = await api.runbooksList({ limit: 10 });
  const slug = page.results[0]?.slug ?? "";
  const read = await api.runbooksRead({ slug });
  const drafted = await api.versionsDraft({
    slug,
    ifMatch: read.etag ?? "",
    draftRequest: { text: `${read.text}\n3. Tell the team.\n`, note: "Tell them" },
  });
  const problem = await problemOf(api.runbooksRead({ slug: "nowhere" }));
  console.log(
    JSON.stringify({ read: slug, number: drafted.number, state: drafted.state, problem }),
  );
}

void main();
