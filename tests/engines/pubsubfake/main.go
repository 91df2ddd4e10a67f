// Google's own fake of Pub/Sub on one address, until it is killed. Its state is in memory.
package main

import (
	"fmt"
	"os"

	"cloud.google.com/go/pubsub/v2/pstest"
)

func main() {
	fmt.Println("listening on", pstest.NewServerWithAddress(os.Args[1]).Addr)
	select {}
}
